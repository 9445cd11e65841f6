"""Which records a formula chooses."""

import pytest

from mockcbs.services.airtable.formulas.filtering import chooser
from mockcbs.services.airtable.formulas.values import Row
from mockcbs.services.airtable.formulas.work import FormulaProblem

ROW = Row("rec00000000000001", {"a": 5.0, "tags": ["x"]}, 0, 0, 0)
FIELDS = ("a", "tags", "empty")


@pytest.mark.parametrize("formula", ["a", "1", "TRUE()", "'x'", "tags", "-1", "a = 5"])
def test_chosen(formula):
    """A formula selects each record for which its value is not empty."""
    assert chooser(formula, FIELDS)(ROW) is True


@pytest.mark.parametrize("formula", ["0", "FALSE()", "''", "empty", "BLANK()", "1/0", "'x' + 1", "a > 5"])
def test_left_out(formula):
    """Blank, 0, false, an empty text and an error do not."""
    assert chooser(formula, FIELDS)(ROW) is False


def test_unknown_fields_are_named_once():
    """All unknown fields are named once, in the order of the formula."""
    with pytest.raises(FormulaProblem, match=r"Unknown field names: y, x$"):
        chooser("{y} = {x} + {y} + a", FIELDS)
