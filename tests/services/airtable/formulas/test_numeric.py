"""Functions of numbers."""

import pytest
from pyairtable import formulas as F  # noqa: N812 - as its documentation names it

from tests.services.airtable.formulas.evaluation import BLANK, check, check_error

CASES = [
    (F.ABS(-3), 3),
    (F.AVERAGE(1, 2, BLANK, 6), 3),
    (F.CEILING(2.1), 3),
    (F.CEILING(21, 5), 25),
    (F.COUNT(1, "x", 2, BLANK), 2),
    (F.COUNTA(1, "x", "", BLANK), 2),
    (F.COUNTALL(1, "x", "", BLANK), 4),
    (F.EVEN(1.5), 2),
    (F.EVEN(-1.5), -2),
    (F.EXP(0), 1),
    (F.FLOOR(2.9), 2),
    (F.FLOOR(-2.5, 2), -4),
    (F.INT(1.9), 1),
    (F.INT(-1.5), -2),
    (F.LOG(1000), 3),
    (F.LOG(8, 2), 3),
    (F.MAX(1, 3, 2), 3),
    (F.MIN(4, 3, BLANK), 3),
    (F.MOD(7, 3), 1),
    (F.MOD(-7, 3), 2),
    (F.ODD(1.5), 3),
    (F.POWER(2, 10), 1024),
    (F.ROUND(1.005, 2), 1.01),
    (F.ROUND(-2.5, 0), -3),
    (F.ROUND(1250, -2), 1300),
    (F.ROUNDDOWN(1.99, 1), 1.9),
    (F.ROUNDUP(1.01, 1), 1.1),
    (F.SQRT(9), 3),
    (F.SUM(1, 2, BLANK, "x"), 3),
]


@pytest.mark.parametrize(("formula", "value"), CASES, ids=[str(formula) for formula, _ in CASES])
def test_function(formula, value):
    """Each function returns what Airtable documents."""
    check(formula, value)


@pytest.mark.parametrize(
    "formula",
    [
        F.SQRT(-1),
        F.LOG(0),
        F.MOD(1, 0),
        F.POWER(10, 1000),
        F.AVERAGE("x"),
    ],
    ids=str,
)
def test_errors(formula):
    """A value that Airtable shows as #ERROR! selects no record, and ISERROR detects it."""
    check_error(formula)
