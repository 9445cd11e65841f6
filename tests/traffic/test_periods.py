"""Zones and buckets."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcbs.traffic import periods

INSTANTS = st.integers(0, 4_000_000_000_000)
MINUTES = st.integers(-18 * 60, 18 * 60)


def zone_text(minutes: int) -> str:
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


@given(MINUTES)
def test_every_offset_up_to_18_hours_is_a_zone(minutes):
    """An offset of whole minutes up to 18:00 either way is read as such."""
    assert periods.offset(zone_text(minutes)) == minutes * 60_000


@pytest.mark.parametrize("zone", ["UTC", "utc", "uTc", "+00:00", "-00:00"])
def test_utc_in_any_letter_case_is_zero(zone):
    """UTC is accepted in any letter case."""
    assert periods.offset(zone) == 0


@pytest.mark.parametrize(
    "zone",
    ["", " 08:00", "+8:00", "+08", "+0800", "+18:01", "+19:00", "+08:60", "Z", "Mars", "+08:00 ", "+٠٨:٠٠"],
)
def test_anything_else_is_no_zone(zone):
    """A zone that is neither UTC nor an offset within 18:00 is refused."""
    with pytest.raises(ValueError, match="UTC"):
        periods.offset(zone)


@given(st.sampled_from(periods.INTERVALS), MINUTES, INSTANTS, st.integers(0, 400))
def test_buckets_follow_the_calendar(interval, minutes, first, days):
    """Each bucket begins on the day the calendar says, and buckets leave no gap."""
    last = first + days * periods.DAY

    bounds = periods.buckets(interval, minutes * 60_000, first, last)

    expected = []
    day = start_of(interval, local_date(first, minutes))
    while day <= local_date(last, minutes):
        expected.append(day)
        day = start_of(interval, day + timedelta({"day": 1, "week": 7, "month": 31, "year": 366}[interval]))
    assert periods.labels(bounds) == [*map(str, expected), str(day)]


def local_date(at: int, minutes: int) -> date:
    return (datetime.fromtimestamp(at // 1000, UTC) + timedelta(minutes=minutes)).date()


def start_of(interval: str, day: date) -> date:
    match interval:
        case "week":
            return day - timedelta(day.weekday())
        case "month":
            return day.replace(day=1)
        case "year":
            return day.replace(month=1, day=1)
    return day
