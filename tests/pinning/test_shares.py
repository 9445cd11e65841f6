"""Whole numbers behind published figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcbs.core.numbers import rounded
from mockcbs.pinning.reading import PinError
from mockcbs.pinning.shares import Bounds, behind_mean, evenly, present, shared


@given(st.integers(0, 10_000), st.integers(1, 50))
def test_sums_behind_a_mean(printed, count):
    """Exactly the sums within the bounds have the printed mean."""
    bounds = behind_mean(printed, count, 1000)
    candidates = range(max(0, bounds.low - 2), bounds.high + 3)

    right = [total for total in candidates if int(rounded(total, count, 3).scaleb(3)) == printed]

    assert right == list(range(bounds.low, bounds.high + 1))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1), st.data())
def test_shares_add_up(pairs, data):
    """Each share is within its bounds, and all shares sum to the total."""
    bounds = [Bounds(low, low + more) for low, more in pairs]
    total = data.draw(st.integers(sum(b.low for b in bounds), sum(b.high for b in bounds)))

    numbers = shared(bounds, total)

    assert sum(numbers) == total
    assert all(b.low <= number <= b.high for b, number in zip(bounds, numbers, strict=True))


@given(st.integers(0, 1000), st.integers(1, 50))
def test_even_shares(total, parts):
    """Shares differ by one at most."""
    numbers = evenly(total, parts)

    assert (sum(numbers), len(numbers)) == (total, parts)
    assert max(numbers) - min(numbers) <= 1


@given(st.lists(st.integers(0, 9), min_size=1, max_size=8), st.data())
def test_users_of_periods(parts, data):
    """Every period has its number of users, and all periods together have the total."""
    total = data.draw(st.integers(max(parts), sum(parts)))

    periods = present("user_count", total, parts, "answer")

    assert [len({*period}) for period in periods] == parts
    assert len({user for period in periods for user in period}) == total


def test_an_impossible_number_of_users():
    """The error names the possible numbers."""
    with pytest.raises(PinError, match=r"user_count 9 is impossible: possible are 3, .* to 5, their sum"):
        present("user_count", 9, [2, 3], "answer")
