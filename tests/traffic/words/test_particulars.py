"""Dates, hours and errors that users state."""

from mockcbs.core.clock import instant
from mockcbs.traffic.words.particulars import Moment, stated

NOW = Moment(instant("2026-11-22T11:00:00Z"), 7)


def test_dates_and_hours_fit_the_time_of_the_question():
    """Past days are among the last ten, future ones among the next five, later hours are of the same day."""
    for number in range(300):
        day, due, hour = stated("{day}/{due}/{hour}", number, NOW).split("/")

        assert 12 <= int(day) <= 22
        assert 23 <= int(due) <= 27
        assert 12 <= int(hour) <= 15


def test_days_ago_are_those_of_the_date():
    """A user who writes 16号到今天都6天了 does so on the 22nd; the date is at least two days old."""
    for number in range(300):
        day, ago = stated("{day}号到今天都{ago}天了", number, NOW).split("号到今天都")

        assert int(day) + int(ago.removesuffix("天了")) == 22
        assert int(day) <= 20


def test_past_days_are_not_today():
    """Nobody writes 从22号开始 on the 22nd."""
    assert "22" not in {stated("{day}", number, NOW) for number in range(300)}
