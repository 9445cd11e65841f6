"""How outputs are compared."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcbs.examining import compare
from mockcbs.examining.output import Output

DAYS = st.dictionaries(
    st.integers(1, 28), st.tuples(st.integers(0, 50), st.integers(1, 9)), min_size=1, max_size=9
)


def rows(days):
    """Rows of days, each with sessions and questions a session."""
    return Output(
        tuple(
            {"start": f"2026-11-{day:02}", "session_count": count, "avg_request_count": Decimal(mean)}
            for day, (count, mean) in sorted(days.items())
        )
    )


def total(days):
    """The row about all of them."""
    count = sum(count for count, _ in days.values())
    asked = sum(count * mean for count, mean in days.values())
    mean = round(Decimal(asked) / max(count, 1), 3)
    return Output(({"session_count": count, "avg_request_count": mean},))


@given(DAYS, st.integers(1, 28))
def test_any_cut_adds_up(days, cut):
    """Rows and totals of two parts are those of the whole, for any cut."""
    parts = [{day: one for day, one in days.items() if (day < cut) is first} for first in (True, False)]

    assert compare.adds_up(rows(days), [rows(part) for part in parts]) == ""
    assert compare.adds_up(total(days), [total(part) for part in parts if part]) == ""


@given(DAYS, st.data())
def test_a_lost_day_is_seen(days, data):
    """A day with sessions that no part has is a difference."""
    lost = data.draw(st.sampled_from(sorted(days)))
    filled = {**days, lost: (3, 2)}
    rest = {day: one for day, one in filled.items() if day != lost}

    assert f"2026-11-{lost:02}" in compare.adds_up(rows(filled), [rows(rest)])
    assert compare.differs(rows(filled), rows(rest))


def test_a_mean_of_means_is_seen():
    """A mean is weighted by its count."""
    one, other = total({1: (1, 1)}), total({2: (9, 5)})
    wrong = Output(({"session_count": 10, "avg_request_count": Decimal(3)},))

    assert "weighted by session_count they give 4.6000" in compare.adds_up(wrong, [one, other])


@pytest.mark.parametrize(("users", "fits"), [(3, True), (5, True), (2, False), (6, False)])
def test_distinct_users(users, fits):
    """Users of a whole are at least those of its greatest part, and at most those of all parts."""
    parts = [Output(({"total_calls": 9, "unique_users": count},)) for count in (3, 2)]
    whole = Output(({"total_calls": 18, "unique_users": users},))

    assert (compare.adds_up(whole, parts) == "") is fits


def test_empty_rows_may_be_left_out():
    """A missing day equals a row of zeros with any rates."""
    zeros = {"date": "2026-11-02", "total_calls": 0, "success_rate": Decimal(1)}

    assert compare.differs(Output((zeros,)), Output()) == ""


@pytest.mark.parametrize(("later", "text"), [(4, ""), (2, "total_calls was 3, then 2")])
def test_later(later, text):
    """Counts never become less."""
    before, after = (Output(({"date": "2026-11-02", "total_calls": count},)) for count in (3, later))

    assert text in compare.holds(after, before)
