"""Clocks that two workers share."""

import pytest

from mockcbs.backend.clocks import DocumentClocks
from mockcbs.core.clock import Clock


@pytest.fixture
def pair(stores, databases):
    """The clocks as two workers have them; they stand at 1000."""
    return [DocumentClocks(lambda: Clock(1000), store, databases[0].changes) for store in stores]


def test_a_clock_moved_by_one_is_moved_for_the_other(pair):
    """A process sees when another moves the clock of the mock or of a scope."""
    first, second = pair

    with first.change(None) as clock:
        clock.advance(500)
    with second.change("p") as clock:
        clock.freeze(7)
    with first.change("p") as clock:
        clock.advance(1)

    for clocks in pair:
        assert (clocks.of(None).now(), clocks.of("q").now(), clocks.of("p").now()) == (1500, 1500, 8)
    before, there, after = first.of("p").stopwatch(), second.of("p").stopwatch(), first.of("p").stopwatch()
    assert before <= there <= after


@pytest.mark.parametrize("reset", [lambda clocks: clocks.reset("p"), lambda clocks: clocks.share("p")])
def test_a_scope_follows_everybody_again(pair, reset):
    """A scope whose clock is removed follows the mock's clock in every process."""
    first, second = pair
    with first.change("p") as clock:
        clock.freeze(7)
    assert second.of("p").now() == 7

    reset(second)

    assert first.of("p").now() == second.of("p").now() == 1000


def test_reset_starts_all_clocks_anew(pair):
    """After a reset, both processes have the clocks of the start."""
    first, second = pair
    with first.change(None) as clock:
        clock.freeze(5)
    with first.change("p") as clock:
        clock.freeze(6)
    assert second.of("p").now() == 6

    first.reset()

    assert [clocks.of(scope).now() for clocks in pair for scope in (None, "p")] == [1000] * 4


def test_a_clock_that_runs_shows_both_the_same(pair):
    """Both show the same instant of a clock that ticks, and never go back."""
    first, second = pair

    with first.change(None) as clock:
        clock.tick(5000)

    before, there, after = first.of(None).now(), second.of(None).now(), first.of(None).now()
    assert 5000 <= before <= there <= after


def test_a_change_that_fails_changes_nothing(pair):
    """An exception leaves the clocks as they were."""
    first, second = pair

    def fail():
        with first.change(None) as clock:
            clock.advance(1)
            raise ValueError

    with pytest.raises(ValueError):
        fail()

    assert first.of(None).now() == second.of(None).now() == 1000


def test_a_clock_that_nobody_moves_costs_no_query(pair, monkeypatch):
    """After a scope was read once, a clock that does not change costs no query."""
    first, second = pair
    with second.change("p") as clock:
        clock.freeze(7)
    assert (first.of("p").now(), first.of("q").now()) == (7, 1000)

    monkeypatch.setattr(
        "mockcbs.backend.sqlite.documents.SqliteDocuments.get", lambda *_: pytest.fail("a look")
    )

    assert (first.of("p").now(), first.of("q").now()) == (7, 1000)
