"""The clock of the whole mock, and those of single scopes."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from mockcbs.core.budget import Budget
from mockcbs.core.clock import Clock
from mockcbs.core.clocks import MemoryClocks
from mockcbs.core.errors import FullError


def frozen() -> Clock:
    clock = Clock()
    clock.freeze(1_000)
    return clock


def test_a_scope_follows_the_clock_of_the_mock():
    """A scope without a clock shows the time of the mock."""
    clocks = MemoryClocks(frozen)
    with clocks.change(None) as clock:
        clock.advance(5)

    assert (clocks.of(None).now(), clocks.of("p").now()) == (1_005, 1_005)


def test_a_scope_with_a_clock():
    """A change in one scope leaves the others alone; sharing and resetting end it."""
    clocks = MemoryClocks(frozen)
    with clocks.change("p") as clock:
        clock.advance(5)
    with clocks.change("q") as clock:
        clock.advance(7)
    changed = [clocks.of(scope).now() for scope in (None, "p", "q")]

    clocks.share("p")
    shared = [clocks.of(scope).now() for scope in (None, "p", "q")]
    clocks.reset()

    assert changed == [1_000, 1_005, 1_007]
    assert shared == [1_000, 1_000, 1_007]
    assert [clocks.of(scope).now() for scope in (None, "p", "q")] == [1_000] * 3


def test_a_change_that_fails_makes_no_clock():
    """A scope whose change raised an error still follows the clock of the mock."""
    clocks = MemoryClocks(frozen)
    with pytest.raises(ValueError, match="no"), clocks.change("p"):
        raise ValueError("no")
    with clocks.change(None) as clock:
        clock.advance(5)

    assert clocks.of("p").now() == 1_005


def test_clocks_are_limited():
    """A client cannot make clocks without end; sharing again makes room."""
    clocks = MemoryClocks(frozen, Budget(1_000))
    with clocks.change("p") as clock:
        clock.advance(1)

    with pytest.raises(FullError), clocks.change("q"):
        pass
    clocks.share("p")
    with clocks.change("q") as clock:
        clock.advance(2)

    assert clocks.of("q").now() == 1_002


@pytest.mark.parametrize("scope", [None, "p"])
def test_clocks_are_changed_one_after_the_other(scope):
    """If threads advance one clock at the same time, each advance counts."""
    clocks = MemoryClocks(lambda: Clock(1000))
    start = threading.Barrier(6)

    def advance(_):
        start.wait()
        for _ in range(20):
            with clocks.change(scope) as clock:
                before = clock.now()
                time.sleep(0)  # lets another thread run, if it can
                clock.freeze(before + 1)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(advance, range(6)))

    assert clocks.of(scope).now() == 1120
