"""The parts of a formula."""

import pytest

from mockcbs.services.airtable.formulas.nodes import Call, Chain, Constant, Field, Joined
from mockcbs.services.airtable.formulas.values import CellError, Row

ROW = Row("rec00000000000001", {"a": 5.0}, 0, 0, 0)


def chain(*parts):
    """Operands and, between them, operators."""
    return Chain([Constant(part) for part in parts[::2]], parts[1::2]).value(ROW)


def test_a_field_without_a_value_is_blank():
    """A field without a value is blank; a field is found by its name."""
    assert Field("a").value(ROW) == 5
    assert Field("b").value(ROW) is None


@pytest.mark.parametrize(
    ("parts", "value"),
    [
        ((10, "-", 2, "-", 3), 5),
        ((8, "/", 2, "/", 2), 2),
        ((1, "<=", 1), True),
        ((1, ">=", 2), False),
        ((2, ">", 1), True),
        ((1, "!=", "1"), True),
    ],
)
def test_operators_go_from_left_to_right(parts, value):
    """Operators of the same precedence are applied from left to right."""
    assert chain(*parts) == value


@pytest.mark.parametrize(
    "parts",
    [(1, "/", 0), (1, "/", None), ("a", "+", 1), (1e300, "*", 1e300)],
)
def test_what_has_no_value(parts):
    """Division by zero or blank, texts in arithmetic, and what is too large."""
    with pytest.raises(CellError):
        chain(*parts)


def test_joined_texts():
    """``&`` joins values as texts, up to the length of a long text."""
    assert Joined([Constant("a"), Constant(1), Constant(True)]).value(ROW) == "a11"
    with pytest.raises(CellError):
        Joined([Constant("x" * 60_000)] * 2).value(ROW)


def test_a_call_hands_over_its_arguments():
    """A function gets the record and its arguments, which are not evaluated yet."""
    seen = Call(lambda arguments, row: (arguments, row), [Constant(1)]).value(ROW)

    assert seen == ([Constant(1)], ROW)
