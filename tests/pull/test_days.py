"""Days, and the calls that a range of them takes."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mockcbs.pull.days import ONE_DAY, cut, span


@given(numbers=st.sets(st.integers(0, 400)), limit=st.integers(1, 180))
def test_every_day_is_in_one_call(numbers, limit):
    """Calls hold consecutive days, no more than the limit, and together every day once."""
    days = [date(2025, 1, 1) + timedelta(days=number) for number in sorted(numbers)]

    calls = list(cut(days, limit))

    assert [day for call in calls for day in call] == days
    assert all(0 < len(call) <= limit and call == span(call[0], call[-1]) for call in calls)
    for before, after in pairwise(calls):
        assert len(before) == limit or after[0] - before[-1] > ONE_DAY
