"""Patterns of dates, in the tokens of moment.js."""

import arrow
import pytest

from mockcbs.services.airtable.formulas.patterns import known_locale, parsed, shown
from mockcbs.services.airtable.formulas.values import CellError, Moment

FRIDAY = Moment(arrow.get("2023-12-01T00:34:56.789+00:00"))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("", "2023-12-01T00:34:56+00:00"),
        ("L LT", "12/01/2023 12:34 AM"),
        ("llll", "Fri, Dec 1, 2023 12:34 AM"),
        ("[YYYY] YY", "YYYY 23"),
        ("Qo Mo Do DDDo", "4th 12th 1st 335th"),
        ("d do e E", "5 5th 5 5"),
        ("w ww W WW", "48 48 48 48"),
        ("k kk H HH h hh", "24 24 0 00 12 12"),
        ("S SS SSS", "7 78 789"),
        ("x", "1701390896789"),
        ("日", "日"),
    ],
)
def test_a_date_is_shown_by_a_pattern(pattern, text):
    """Tokens of a pattern are replaced; other text, and text in brackets, does not change."""
    assert shown(FRIDAY, pattern) == text


@pytest.mark.parametrize(
    ("text", "pattern", "iso"),
    [
        ("01/12/2023 05:06", "DD/MM/YYYY HH:mm", "2023-12-01T05:06:00.000Z"),
        ("12/01/2023", "L", "2023-12-01T00:00:00.000Z"),
        ("2023-12-01 08:00 +08:00", "YYYY-MM-DD HH:mm Z", "2023-12-01T00:00:00.000Z"),
    ],
)
def test_a_date_is_read_by_a_pattern(text, pattern, iso):
    """Tokens read the same text that they write."""
    assert parsed(text, pattern, "en-us").iso == iso


def test_what_is_no_date_of_a_pattern():
    """A text that does not fit the pattern has no value, and so has an unknown language."""
    for text, pattern in (("x", "YYYY"), ("2023-13", "YYYY-MM"), ("2023", "(")):
        with pytest.raises(CellError, match="is not a date of the form"):
            parsed(text, pattern, "en-us")
    with pytest.raises(CellError, match="not a known locale"):
        known_locale("xx-yy")
    assert known_locale("zh-cn") == "zh-cn"
