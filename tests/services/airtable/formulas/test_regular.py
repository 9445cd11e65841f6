"""Functions of regular expressions."""

import pytest
from pyairtable import formulas as F  # noqa: N812 - as its documentation names it

from tests.services.airtable.formulas.evaluation import check, check_error

CASES = [
    (F.REGEX_EXTRACT("order 66", "[0-9]+"), "66"),
    (F.REGEX_EXTRACT("k=v", "k=(.)"), "v"),
    (F.REGEX_MATCH("abc", "^a.c$"), True),
    (F.REGEX_MATCH("abc", "^b"), False),
    (F.REGEX_REPLACE("a1b22", "([0-9]+)", "<$1>"), "a<1>b<22>"),
    (F.REGEX_REPLACE("中文", "文", "$1"), "中$1"),
]


@pytest.mark.parametrize(("formula", "value"), CASES, ids=[str(formula) for formula, _ in CASES])
def test_function(formula, value):
    """Each function returns what Airtable documents."""
    check(formula, value)


@pytest.mark.parametrize(
    "formula",
    [
        F.REGEX_MATCH("x", "("),
        F.REGEX_EXTRACT("x", "y"),
        F.REGEX_MATCH("x", "x" * 2001),
        F.REGEX_MATCH("x", "(x)" * 21),
        F.REGEX_MATCH("x", "x{1000}" * 100),
        F.REGEX_REPLACE(F.REPT("x", 1000), "x", "y" * 1000),
    ],
    ids=lambda formula: str(formula)[:40],
)
def test_errors(formula):
    """A wrong pattern, one that is too large, and a text that becomes too long have no value."""
    check_error(formula)
