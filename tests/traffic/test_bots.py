"""Bots and how busy they are."""

from mockcbs.core.clock import instant
from mockcbs.traffic.bots import Profile
from mockcbs.traffic.periods import DAY
from tests.traffic.logs import BOT, NOW, log_of, session


def test_retention_drops_whole_days_of_generated_traffic():
    """Traffic reaches back as many days as are retained, and stated sessions are never dropped."""
    old = session("old", "2021-01-01T00:00:00Z")
    log = log_of(old, profile=Profile(sessions_per_day=50, retention_days=3))

    (first, _) = log.bot(BOT, NOW).view.session_extent(instant("2022-01-01"), NOW)
    everything = log.bot(BOT, NOW).view.turns

    assert first // DAY == NOW // DAY - 3
    assert everything.at[0] == instant("2021-01-01T00:00:00Z")


def test_generated_traffic_begins_in_2021():
    """Unlimited retention goes back to 1 January 2021 and no further."""
    log = log_of(profile=Profile(sessions_per_day=1, weekend_percent=100, retention_days=None))

    (first, _) = log.bot(BOT, instant("2021-01-20")).view.session_extent(0, NOW)

    assert first >= instant("2021-01-01")
    assert first < instant("2021-01-05")
