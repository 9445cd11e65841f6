"""The check of each row."""

from decimal import Decimal

import pytest

from mockcbs.pull.errors import PullError
from mockcbs.pull.tables import Column, Table

TABLE = Table(
    "one", (Column("word", "text"), Column("count", "integer"), Column("rate", "number", optional=True))
)


def test_a_row_has_the_columns_of_its_table():
    """Other members are left out, and missing optional ones are None."""
    assert TABLE.row({"rate": Decimal("0.50"), "count": 3, "word": "a", "more": 1}, "x") == (
        *("a", 3),
        Decimal("0.50"),
    )
    assert TABLE.row({"word": "a", "count": 3}, "x") == ("a", 3, None)


def test_texts_can_be_written_as_utf8():
    """Half a surrogate pair, which JSON can contain, becomes a question mark."""
    assert TABLE.row({"word": "a\ud800b", "count": 0}, "x")[0] == "a?b"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"count": 1}, "x has no word"),
        ({"word": "a", "count": "1"}, "x: count is '1', not of type integer"),
        ({"word": "a", "count": True}, "x: count is True, not of type integer"),
        ({"word": "a", "count": Decimal("1.0")}, r"x: count is Decimal\('1.0'\), not of type integer"),
        ({"word": 1, "count": 1}, "x: word is 1, not of type text"),
        ({"word": "a", "count": 2**63}, "which does not fit into 64 bits"),
    ],
)
def test_wrong_values_are_named(values, words):
    """The error names the place, the column and the value."""
    with pytest.raises(PullError, match=words):
        TABLE.row(values, "x")
