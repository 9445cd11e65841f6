"""The clock: frozen, shifted, real."""

import re

import pytest

from mockcbs.core import clock
from mockcbs.core.clock import Clock, instant, settable, utc_day


@pytest.fixture
def real(monkeypatch):
    """A clock without a start shows the machine's time."""
    times = {"now": 1_000_000}
    monkeypatch.setattr(clock, "real_now", lambda: times["now"])
    return times


def test_real(real):
    """Without a start it shows the machine's time."""
    ours = Clock()
    real["now"] += 5

    assert (ours.now(), ours.mode) == (1_000_005, "real")


def test_frozen(real):
    """A clock with a start is frozen there, and moves on request."""
    ours = Clock(7)
    real["now"] += 5
    ours.advance(3)

    assert (ours.now(), ours.mode) == (10, "frozen")


@pytest.mark.parametrize(("start", "ms"), [(7, -8), (clock.LATEST, 1), (7, 10**18)])
def test_time_has_an_end(real, start, ms):
    """A clock is not moved to where no instant can be written; it stays where it was."""
    ours = Clock(start)

    with pytest.raises(ValueError, match=r"ms from .* is not between 1970 and 2099"):
        ours.advance(ms)

    assert ours.now() == start
    assert clock.iso(clock.LATEST) == "2099-12-31T23:59:59.999Z"


def test_ticking(real):
    """A start that ticks runs on; frozen, it stays where it was; real, it is back."""
    ours = Clock(7, tick=True)
    real["now"] += 5
    ran, mode = ours.now(), ours.mode
    ours.freeze()
    real["now"] += 5
    stood = ours.now()
    ours.tick()
    real["now"] += 1
    went_on = ours.now()
    ours.real()

    assert (ran, mode, stood, went_on) == (12, "shifted", 12, 13)
    assert (ours.now(), ours.mode) == (1_000_011, "real")


def test_the_stopwatch_never_stands_still_or_goes_back():
    """The stopwatch counts real time and skipped time, even while the clock is frozen."""
    ours = Clock(7)
    before = ours.stopwatch()
    ours.advance(60_000)
    ours.advance(-60_000)

    assert 60_000 <= ours.stopwatch() - before < 70_000


@pytest.mark.parametrize(
    ("reader", "text", "told"),
    [
        (instant, "soon", "'soon' is neither epoch milliseconds (1613720965417) nor ISO 8601"),
        (instant, "2026-02-30", "'2026-02-30': there is no day 2026-02-30"),
        (instant, "2026-13-01T00:00:00Z", "'2026-13-01T00:00:00Z': there is no day 2026-13-01"),
        (instant, False, "False is neither epoch milliseconds"),
        (settable, -1, "-1 is not between 1970 and 2099"),
        (settable, "2100-01-01", "'2100-01-01' is not between 1970 and 2099"),
        (utc_day, "soon", "'soon' is not a date such as 2026-02-28"),
        (utc_day, "2026-02-30", "there is no day 2026-02-30"),
    ],
)
def test_what_is_no_instant(reader, text, told):
    """The error names the value, and states whether it is badly written or does not exist."""
    with pytest.raises(ValueError, match=re.escape(told)):
        reader(text)
