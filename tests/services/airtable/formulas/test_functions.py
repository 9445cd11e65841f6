"""The functions of Airtable's formulas, all together."""

import inspect

import pytest
from pyairtable import formulas as F  # noqa: N812 - as its documentation names it

from mockcbs.services.airtable.formulas.functions import FUNCTIONS
from tests.services.airtable.formulas import test_dates, test_logic, test_numeric, test_regular, test_textual
from tests.services.airtable.formulas.evaluation import check_error

MODULES = (test_dates, test_logic, test_numeric, test_regular, test_textual)
CASES = [case for module in MODULES for case in module.CASES]


def test_every_function_of_pyairtable():
    """Formulas support every function that pyairtable can build, and each has a test case."""
    built = {name for name, made in vars(F).items() if name.isupper() and inspect.isfunction(made)}
    tried = {str(formula).partition("(")[0] for formula, _ in CASES} | {"ERROR"}

    assert built == FUNCTIONS.known.keys()
    assert built - tried == {"SET_TIMEZONE", "SET_LOCALE"}


@pytest.mark.parametrize("formula", [F.Formula("1/0"), F.Formula("'a'+1")], ids=str)
def test_errors(formula):
    """A value that Airtable shows as #ERROR! selects no record, and ISERROR detects it."""
    check_error(formula)
