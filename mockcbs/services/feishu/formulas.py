"""Formula fields, and the filter formula of the list call (contract 4.3.5)."""

from collections.abc import Callable
from typing import Any

from mockcbs.services.feishu.values import Day, FormulaError, Moment, Read
from mockcbs.tables.model import Column, Row, Table


def compiled(table: Table, text: str, now: int, read: Read) -> Callable[[Row], Any]:
    """Compile the formula *text* to a function of a row of *table*, at *now* (ms UTC).

    Raises `FormulaError`.
    """
    from mockcbs.services.feishu import formula_parser  # noqa: PLC0415 - only formulas need the parser

    return formula_parser.compiled(table, text, now, read)


def value(table: Table, row: Row, column: Column, read: Read) -> Any:
    """The value of a formula field in a row; `None` if it cannot be computed."""
    text = (column.options.get("property") or {}).get("formula_expression") or ""
    if not text:
        return None
    try:
        found = compiled(table, text, row.modified_at, _without_formulas(read))(row)
    except FormulaError:
        return None
    return found.ms if isinstance(found, Moment | Day) else found


def _without_formulas(read: Read) -> Read:
    def look(table: Table, row: Row, column: Column) -> Any:
        return None if column.type == "20" else read(table, row, column)

    return look


def type_of(value: Any) -> int:
    """The type of a computed value for display."""
    if isinstance(value, bool):
        return 7
    if isinstance(value, int | float):
        return 2
    return 4 if isinstance(value, list) else 1


def listed(value: Any) -> list[Any]:
    """A computed value for display; texts are segments."""
    if isinstance(value, str):
        return [{"text": value, "type": "text"}]
    return value if isinstance(value, list) else [value]
