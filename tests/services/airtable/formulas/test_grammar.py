"""How formulas are read and what operators do, against a model in Python."""

import contextlib
import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyairtable import formulas as F  # noqa: N812 - as its documentation names it

from mockcbs.services.airtable.formulas.filtering import chooser
from mockcbs.services.airtable.formulas.grammar import MAX_DEPTH, parse
from mockcbs.services.airtable.formulas.values import Row
from mockcbs.services.airtable.formulas.work import FormulaProblem

ROW = Row("rec00000000000001", {"a": 5.0, "b": "text", "two words": "x", "odd}name": 1.0}, 0, 0, 0)


def evaluate(formula):
    return parse(formula).value(ROW)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 2 - 3", 5),
        ("-2 * -3", 6),
        ("2 - -1", 3),
        ("1 & 2 + 3", "15"),
        ("'a' & 1 = 'a1'", True),
        ("1 < 2 = TRUE()", True),
        ("a", 5),
        ("{a}*2", 10),
        ('{two words} & "y"', "xy"),
        (r"{odd\}name}", 1),
        (r"'it\'s'", "it's"),
        (r"'a\nb'", "a\nb"),
        ("if(a>4, 'big', 'small')", "big"),
        ("AND(\n  a = 5,\n  b = 'text'\n)", True),
        ("1e3", 1000),
        (".5", 0.5),
        ("{missing} = BLANK()", True),
        ("{missing} = 0", True),
        ("{missing} = ''", True),
        ("{missing} < 1", True),
        ("a = '5'", False),
        ("a < '9'", False),
        ("b = 'TEXT'", False),
        ("TRUE() = 1", True),
        ("DATETIME_PARSE('2023-12-01') = '2023-12-01T00:00:00Z'", True),
        ("{missing} < TODAY()", False),
    ],
)
def test_value(formula, value):
    """Ranks, brackets, quotes, braces, blanks and mixed types."""
    assert evaluate(formula) == value


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("", "check your formula"),
        ("1 +", "check your formula"),
        ("(1", "check your formula"),
        ("{a", "check your formula"),
        ("'a", "check your formula"),
        ("a b", "check your formula"),
        ("1 == 2", "check your formula"),
        ("__import__('os')", "Unknown function names: __import__"),
        ("FOO(1)", "Unknown function names: FOO"),
        ("LEFT()", "LEFT takes 1 to 2 arguments, not 0"),
        ("TRUE(1)", "TRUE takes 0 arguments, not 1"),
        ("AND()", "AND takes 1 or more arguments"),
        ("{x} = {y}", "Unknown field names: x, y"),
        ("NOT(" * (MAX_DEPTH + 1) + "1" + ")" * (MAX_DEPTH + 1), "levels deep"),
        ("1" * 100_001, "longer than"),
        ("1+" * 20_000, "more than 30000 names"),
    ],
)
def test_refused(formula, words):
    """A malformed formula is refused, and the message states the reason."""
    with pytest.raises(FormulaProblem, match=words.replace("(", r"\(")):
        chooser(formula, ROW.cells)


def test_long_and_flat():
    """A formula may be long, and have many brackets, without being deep."""
    assert evaluate("+".join(["1"] * 5000)) == 5000
    assert evaluate("(" * 5000 + "7" + ")" * 5000) == 7
    assert evaluate("OR(" + ",".join(["a=1"] * 3000) + ",a=5)") is True


@given(st.text(max_size=40))
def test_any_text(formula):
    """Any text is a formula or is refused; nothing else happens."""
    with contextlib.suppress(FormulaProblem):
        chooser(formula, ROW.cells)(ROW)


TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
NUMBERS = st.integers(-20, 20) | st.floats(-1e6, 1e6)
OPERATORS = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
MADE = {"=": F.EQ, "!=": F.NE, "<": F.LT, "<=": F.LTE, ">": F.GT, ">=": F.GTE}


@given(st.tuples(TEXTS, TEXTS) | st.tuples(NUMBERS, NUMBERS), st.sampled_from(list(OPERATORS)))
def test_comparison(pair, sign):
    """Texts compare as in Python, and numbers as numbers, in each form that pyairtable writes."""
    held, given_value = pair
    row = Row("rec00000000000001", {"f": held} if held != "" else {}, 0, 0, 0)

    found = chooser(str(MADE[sign](F.Field("f"), given_value)), {"f"})(row)

    assert found is OPERATORS[sign](held, given_value)


@given(
    st.recursive(
        st.integers(-9, 9), lambda inner: st.tuples(st.sampled_from("+-*"), inner, inner), max_leaves=12
    )
)
def test_arithmetic(tree):
    """Nested arithmetic gives what Python gives."""

    def written(node):
        return f"({written(node[1])}{node[0]}{written(node[2])})" if isinstance(node, tuple) else str(node)

    def computed(node):
        signs = {"+": operator.add, "-": operator.sub, "*": operator.mul}
        return signs[node[0]](computed(node[1]), computed(node[2])) if isinstance(node, tuple) else node

    assert evaluate(written(tree)) == computed(tree)
