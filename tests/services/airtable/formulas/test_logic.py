"""Functions of conditions."""

import pytest
from pyairtable import formulas as F  # noqa: N812 - as its documentation names it

from tests.services.airtable.formulas.evaluation import check, check_error

CASES = [
    (F.AND(F.TRUE(), F.to_formula(1), F.to_formula("x")), True),
    (F.AND(F.TRUE(), F.to_formula(0)), False),
    (F.BLANK(), None),
    (F.FALSE(), False),
    (F.IF(True, "yes", F.ERROR()), "yes"),
    (F.IF(0, F.ERROR(), "no"), "no"),
    (F.ISERROR(F.ERROR()), True),
    (F.ISERROR(1), False),
    (F.NOT(F.TRUE()), False),
    (F.OR(F.FALSE(), F.to_formula(0), F.to_formula("")), False),
    (F.OR(F.FALSE(), F.to_formula("x")), True),
    (F.RECORD_ID(), "rec00000000000001"),
    (F.SWITCH(F.Field("a"), 4, "four", 5, "five"), "five"),
    (F.SWITCH(F.Field("a"), 4, "four", "other"), "other"),
    (F.TRUE(), True),
    (F.XOR(True, True, True), True),
    (F.XOR(True, 1), False),
]


@pytest.mark.parametrize(("formula", "value"), CASES, ids=[str(formula) for formula, _ in CASES])
def test_function(formula, value):
    """Each function returns what Airtable documents."""
    check(formula, value)


@pytest.mark.parametrize(
    "formula",
    [
        F.ERROR(),
    ],
    ids=str,
)
def test_errors(formula):
    """A value that Airtable shows as #ERROR! selects no record, and ISERROR detects it."""
    check_error(formula)
