"""Numbers, dates and errors that users state."""

from mockcbs.core.clock import instant
from mockcbs.traffic.particulars import Moment, stated

NOW = Moment(instant("2026-11-22T11:00:00Z"), 7)


def test_dates_and_hours_fit_the_time_of_the_question():
    """Past days are among the last ten, future ones among the next five, later hours are of the same day."""
    for number in range(300):
        day, due, hour = stated("{day}/{due}/{hour}", number, NOW, ("单号",)).split("/")

        assert 12 <= int(day) <= 22
        assert 23 <= int(due) <= 27
        assert 12 <= int(hour) <= 15


def test_the_users_of_a_bot_know_one_form_of_number():
    """All numbers of one name have the same length."""
    found = {len(stated("{reference}", number, NOW, ("单号",))) for number in range(100)}

    assert len(found) == 1
