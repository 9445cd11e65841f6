"""Reading published responses."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcbs.pinning.reading import PinError, count, members, scaled, shown, span


@given(st.integers(0, 10**9), st.integers(0, 4))
def test_numbers_are_read_exactly(whole, digits):
    """A number with up to so many decimals is a whole number of its last digit."""
    assert scaled({"x": Decimal(whole).scaleb(-digits)}, "x", "row", digits) == whole
    assert count({"x": whole}, "x", "row") == whole


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (-1, "x -1 is not a number of 0 or more with up to 2 decimals; nearest is 0.00"),
        (Decimal("1.005"), "x 1.005 is not a number of 0 or more with up to 2 decimals; nearest is 1.01"),
        (True, "x true is not a number"),
        (None, "x null is not a number"),
        ("1", "x '1' is not a number"),
        (10**400, "is not a number"),
    ],
)
def test_numbers_that_are_refused(value, words):
    """The error names place, member and value, and the nearest number there can be."""
    with pytest.raises(PinError) as caught:
        scaled({"x": value}, "x", "metrics[3]", 2)

    assert str(caught.value).startswith("metrics[3]: ")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([], "total: [] is not an object"),
        ({"a": 1}, "total: no member b"),
        ({"a": 1, "b": 2, "c": 3}, "total: 'c' cannot be reproduced; remove it to pin the rest"),
    ],
)
def test_members(value, words):
    """An object has the expected members, and no others."""
    with pytest.raises(PinError) as caught:
        members(value, "total", ("a", "b"))

    assert str(caught.value) == words
    assert members({"b": 2, "a": 1}, "total", ("a", "b")) == {"a": 1, "b": 2}


def test_values_as_text():
    """Long ones are cut; a span of one value is that value."""
    assert shown("x" * 100) == f"'{'x' * 58}…"
    assert (span(1, 1), span(1, 2)) == ("1 is possible", "1 to 2 is possible")
