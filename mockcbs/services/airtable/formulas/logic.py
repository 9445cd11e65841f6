"""Functions of logic, of choice and of the record."""

from collections.abc import Sequence

from mockcbs.services.airtable.formulas.declare import Table
from mockcbs.services.airtable.formulas.nodes import Node
from mockcbs.services.airtable.formulas.values import CellError, Row, Value, equal, truth

LOGIC = Table()


@LOGIC.plain("AND")
def _and(first: Value, *others: Value) -> Value:
    return all(map(truth, (first, *others)))


@LOGIC.plain("OR")
def _or(first: Value, *others: Value) -> Value:
    return any(map(truth, (first, *others)))


@LOGIC.plain("XOR")
def _xor(first: Value, *others: Value) -> Value:
    return sum(map(truth, (first, *others))) % 2 == 1


@LOGIC.plain("NOT")
def _not(value: Value) -> Value:
    return not truth(value)


@LOGIC.plain("TRUE")
def _true() -> Value:
    return True


@LOGIC.plain("FALSE")
def _false() -> Value:
    return False


@LOGIC.plain("BLANK")
def _blank() -> Value:
    return None


@LOGIC.plain("ERROR")
def _error(message: Value = None) -> Value:
    raise CellError(str(message or "ERROR()"))


@LOGIC.lazy("ISERROR", 1, 1)
def _iserror(arguments: Sequence[Node], row: Row) -> Value:
    try:
        arguments[0].value(row)
    except CellError:
        return True
    return False


@LOGIC.lazy("IF", 2, 3)
def _if(arguments: Sequence[Node], row: Row) -> Value:
    condition, *branches = arguments
    if truth(condition.value(row)):
        return branches[0].value(row)
    return branches[1].value(row) if len(branches) == 2 else None


@LOGIC.lazy("SWITCH", 3, None)
def _switch(arguments: Sequence[Node], row: Row) -> Value:
    """The result for the first pattern that equals the value; an unpaired last argument is the default."""
    wanted, *rest = arguments
    value = wanted.value(row)
    for pattern, result in zip(rest[::2], rest[1::2], strict=False):
        if equal(value, pattern.value(row)):
            return result.value(row)
    return rest[-1].value(row) if len(rest) % 2 else None


@LOGIC.of_row("RECORD_ID")
def _record_id(row: Row) -> Value:
    return row.record_id
