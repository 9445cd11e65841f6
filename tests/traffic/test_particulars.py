"""Dates, hours and errors that users state."""

from mockcbs.core.clock import instant
from mockcbs.traffic.particulars import Moment, stated

NOW = Moment(instant("2026-11-22T11:00:00Z"), 7)


def test_dates_and_hours_fit_the_time_of_the_question():
    """Past days are among the last ten, future ones among the next five, later hours are of the same day."""
    for number in range(300):
        day, due, hour = stated("{day}/{due}/{hour}", number, NOW).split("/")

        assert 12 <= int(day) <= 22
        assert 23 <= int(due) <= 27
        assert 12 <= int(hour) <= 15
