"""Cells: from the values that clients write, and to the values that clients read."""

from collections.abc import Mapping
from typing import Any

from mockcbs.core.clock import iso
from mockcbs.services.airtable import errors
from mockcbs.services.airtable.kinds import KINDS, Writing, label, refused
from mockcbs.tables.model import Column, Row, Table


def written(table: Table, values: Mapping[str, Any], writing: Writing | None = None) -> dict[str, Any]:
    """Convert *values*, by name or id of the column, to cells by column id.

    `None` is an empty cell. Raises `ApiError` for an unknown column or a value of a wrong type.
    """
    writing = writing or Writing()
    cells = {}
    for name, value in values.items():
        column = column_of(table, name)
        read = KINDS[column.type].read
        if read is None:
            raise refused(column, value, "no value, as it is computed")
        cells[column.id] = None if value is None else read(column, value, writing)
    return cells


def column_of(table: Table, name: str) -> Column:
    """The column with that name or id; raises `ApiError`."""
    column = table.column(name) or table.column_with_id(name)
    if column is None:
        raise errors.unknown_field(name, [column.name for column in table.columns])
    return column


def cell(column: Column, row: Row) -> Any:
    """The value of a cell as clients read it; `None` for an empty cell."""
    if column.type == "createdTime":
        return created(row)
    if column.type == "lastModifiedTime":
        return iso(row.modified_at // 1000 * 1000)
    if column.type == "autoNumber":
        return row.number
    return row.cells.get(column.id)


def created(row: Row) -> str:
    """The creation time of a record, in whole seconds as in Airtable."""
    return iso(row.created_at // 1000 * 1000)


def shown(table: Table, row: Row) -> dict[str, Any]:
    """The cells of a row by column name, without empty cells."""
    found = ((column.name, cell(column, row)) for column in table.columns)
    return {name: value for name, value in found if value is not None}


def as_text(value: Any) -> str:
    """A cell as text, for ``cellFormat=string``."""
    if isinstance(value, list):
        return ", ".join(map(label, value))
    if value is True:
        return "checked"
    return f"{value:g}" if isinstance(value, float) and value.is_integer() else label(value)
