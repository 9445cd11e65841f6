"""Sorted rows and pages of them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcbs.tables.model import Row
from mockcbs.tables.order import ordered, page, token_of


def rows(*values) -> list[Row]:
    return [Row(f"rec{number}", {"a": value}, number, 0, 0) for number, value in enumerate(values, 1)]


@given(st.lists(st.none() | st.integers(-9, 9) | st.text(max_size=3)), st.booleans())
def test_rows_are_sorted_by_value(values, descending):
    """Nothing before numbers before texts, or the other way round; equal rows keep their order."""
    found = ordered(rows(*values), [(lambda row: row.cells["a"], descending)])

    keys = [
        (value is not None, isinstance(value, str), value or ("" if isinstance(value, str) else 0))
        for value in (row.cells["a"] for row in found)
    ]
    assert keys == sorted(keys, reverse=descending)
    for one, next_one in pairwise(found):
        assert one.cells != next_one.cells or one.number < next_one.number


@given(st.integers(0, 30), st.integers(1, 12))
def test_pages_add_up_to_all_rows(count, size):
    """Following the tokens shows each row once."""
    everything, seen, token = rows(*range(count)), [], None

    while True:
        shown, token = page(everything, token, size)
        seen += shown
        if token is None:
            break

    assert seen == everything


def test_a_page_goes_on_after_the_last_row_seen():
    """Rows deleted meanwhile shift nothing; without the last row itself the place counts."""
    everything = rows(*range(6))
    _, token = page(everything, None, 2)

    assert page(everything[1:], token, 2)[0] == everything[2:4]
    assert page(everything[2:], token, 2)[0] == everything[4:6]


@pytest.mark.parametrize("token", ["x", "???", "YQ", token_of(1, "rec1")[:-3] + "ö"])
def test_a_strange_token_is_refused(token):
    """The error names the unknown token."""
    with pytest.raises(ValueError, match="is not a page token"):
        page(rows(1, 2), token, 1)
