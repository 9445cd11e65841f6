"""Formulas as pyairtable builds them, and what they give for one record."""

import pytest
from pyairtable import formulas as F  # noqa: N812 - as its documentation names it

from mockcbs.services.airtable.formulas.grammar import parse
from mockcbs.services.airtable.formulas.values import CellError, Moment, Row

NOW = 1_766_365_200_000  # 2025-12-22T01:00:00Z, a Monday
BLANK = F.Field("empty")
WHEN = "2023-12-01T12:34:56.789Z"


def evaluate(formula):
    """What a formula of pyairtable gives for one record; dates as texts."""
    row = Row(
        "rec00000000000001", {"a": 5.0, "name": "Ann", "tags": ["x", "y"]}, NOW - 60_000, NOW - 1000, NOW
    )
    value = parse(F.to_formula_str(formula)).value(row)
    return value.iso if isinstance(value, Moment) else value


def check(formula, value):
    """Insist that a formula gives that very value, of that very type."""
    found = evaluate(formula)

    assert found == pytest.approx(value) if isinstance(value, float | int) else found == value
    assert isinstance(found, bool) is isinstance(value, bool)


def check_error(formula):
    """Insist that a formula has no value, and that ISERROR finds it."""
    assert evaluate(F.ISERROR(formula)) is True
    with pytest.raises(CellError):
        evaluate(formula)
