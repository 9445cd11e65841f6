"""The values of formulas, and how they are converted and compared."""

import math

import pytest

from mockcbs.services.airtable.formulas import values
from mockcbs.services.airtable.formulas.values import CellError

DAY = values.moment("2023-12-01")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "1"),
        (5.0, "5"),
        (0.1, "0.1"),
        (1e21, "1e+21"),
        (["a", 1], "a, 1"),
        (DAY, "2023-12-01T00:00:00.000Z"),
    ],
)
def test_values_as_texts(value, text):
    """``&`` joins a number as JavaScript writes it, a list with commas, and a date in UTC."""
    assert values.text(value) == text


@pytest.mark.parametrize(("value", "number"), [(None, 0), (True, 1), (-1.5, -1.5)])
def test_values_in_arithmetic(value, number):
    """Blank is 0, true is 1."""
    assert values.number(value) == number


@pytest.mark.parametrize("value", ["1", DAY, [1], math.nan, math.inf, 10**400])
def test_what_is_no_number(value):
    """Texts, dates, lists and numbers that are not finite are refused."""
    with pytest.raises(CellError):
        values.number(value)


@pytest.mark.parametrize(
    ("left", "right", "is_equal", "is_less"),
    [
        (None, None, True, False),
        (None, 0, True, False),
        (None, "", True, False),
        (None, 1, False, True),
        (1, "1", False, False),
        ("a", "b", False, True),
        (True, 1, True, False),
        (DAY, "2023-12-01T00:00:00Z", True, False),
        (DAY, "2023-12-02", False, True),
        (None, DAY, False, False),
        (DAY, "tomorrow", False, False),
    ],
)
def test_comparison(left, right, is_equal, is_less):
    """A blank equals any empty value; a text compared with a date is a date; numbers are never less than
    texts.
    """
    assert values.equal(left, right) is is_equal
    assert values.less(left, right) is is_less


@pytest.mark.parametrize("text", ["today", "2023-02-30", "20231201", "2023-12-01" + " " * 40, ""])
def test_what_is_no_date(text):
    """Only ISO 8601 of up to 40 characters is a date."""
    with pytest.raises(CellError, match="is not a date"):
        values.moment(text)
