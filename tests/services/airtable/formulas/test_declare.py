"""How functions of formulas are declared."""

import pytest

from mockcbs.services.airtable.formulas.declare import Table
from mockcbs.services.airtable.formulas.nodes import Constant
from mockcbs.services.airtable.formulas.values import Row

ROW = Row("rec00000000000001", {}, 1, 2, 3)


@pytest.fixture
def table():
    return Table()


def test_arguments_are_counted_from_the_signature(table):
    """Defaults may be left out, ``*`` takes any number, and the record does not count."""
    table.plain("TWO")(lambda a, b: a + b)
    table.plain("MAYBE")(lambda a, b=1: a + b)
    table.plain("ANY")(lambda a, *others: [a, *others])
    table.of_row("ROW")(lambda row, a: row.now + a)
    table.lazy("LAZY", 1, None)(lambda arguments, row: arguments[0].value(row))

    assert table.functions.arity == {
        "TWO": (2, 2),
        "MAYBE": (1, 2),
        "ANY": (1, None),
        "ROW": (1, 1),
        "LAZY": (1, None),
    }


def test_a_plain_function_gets_values(table):
    """A plain function gets values; a function of the record also gets the record, as its first argument."""
    table.plain("JOIN")(lambda *texts: "-".join(texts))
    table.of_row("AGE")(lambda row, unit: f"{row.now - row.created}{unit}")

    assert table.functions.known["JOIN"]([Constant("a"), Constant("b")], ROW) == "a-b"
    assert table.functions.known["AGE"]([Constant("ms")], ROW) == "2ms"


def test_a_lazy_function_evaluates_what_it_needs(table):
    """Arguments of a lazy function are evaluated only when it uses them."""

    class Bomb(Constant):
        def value(self, row):
            raise AssertionError(row)

    table.lazy("FIRST", 1, None)(lambda arguments, row: arguments[0].value(row))

    assert table.functions.known["FIRST"]([Constant(1), Bomb(2)], ROW) == 1
