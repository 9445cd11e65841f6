"""Functions of texts."""

import pytest
from pyairtable import formulas as F  # noqa: N812 - as its documentation names it

from tests.services.airtable.formulas.evaluation import BLANK, check, check_error

CASES = [
    (F.CONCATENATE("a", 1, True, BLANK), "a11"),
    (F.ENCODE_URL_COMPONENT("a b&中"), "a%20b%26%E4%B8%AD"),
    (F.FIND("b", "abcb"), 2),
    (F.FIND("b", "abcb", 3), 4),
    (F.FIND("z", "abcb"), 0),
    (F.LEFT("abc", 2), "ab"),
    (F.LEN("中文"), 2),
    (F.LOWER("ABC"), "abc"),
    (F.MID("abcdef", 2, 3), "bcd"),
    (F.REPLACE("database", 2, 5, "o"), "dose"),
    (F.REPT("ab", 3), "ababab"),
    (F.RIGHT("abc", 2), "bc"),
    (F.SEARCH("b", "abc"), 2),
    (F.SEARCH("z", "abc"), None),
    (F.SUBSTITUTE("a-b-c", "-", "+"), "a+b+c"),
    (F.SUBSTITUTE("a-b-c", "-", "+", 2), "a-b+c"),
    (F.T("x"), "x"),
    (F.T(1), None),
    (F.TRIM("  x "), "x"),
    (F.UPPER("abc"), "ABC"),
    (F.VALUE("$1,234.5"), 1234.5),
]


@pytest.mark.parametrize(("formula", "value"), CASES, ids=[str(formula) for formula, _ in CASES])
def test_function(formula, value):
    """Each function returns what Airtable documents."""
    check(formula, value)


@pytest.mark.parametrize(
    "formula",
    [
        F.VALUE("x"),
        F.REPT("x", 10**9),
        F.LEFT("x", -1),
    ],
    ids=str,
)
def test_errors(formula):
    """A value that Airtable shows as #ERROR! selects no record, and ISERROR detects it."""
    check_error(formula)
