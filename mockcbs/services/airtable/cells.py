"""Cells: what clients write becomes a cell, and what they read of it."""

from collections.abc import Mapping
from typing import Any

from mockcbs.core.clock import iso
from mockcbs.services.airtable import errors
from mockcbs.services.airtable.kinds import KINDS, Writing, label, refused
from mockcbs.tables.model import Column, Row, Table


def written(table: Table, values: Mapping[str, Any], writing: Writing | None = None) -> dict[str, Any]:
    """The cells, by column id, that a client writes with *values*, by name or id of the column.

    `None` is an empty cell. Raises `ApiError`.
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
    """The column of that name or id; raises `ApiError`."""
    column = table.column(name) or table.column_with_id(name)
    if column is None:
        raise errors.unknown_field(name, [column.name for column in table.columns])
    return column


def cell(column: Column, row: Row) -> Any:
    """The value of a cell as clients read it; `None` if it is empty."""
    if column.type == "createdTime":
        return created(row)
    if column.type == "lastModifiedTime":
        return iso(row.modified_at // 1000 * 1000)
    if column.type == "autoNumber":
        return row.number
    return row.cells.get(column.id)


def created(row: Row) -> str:
    """When a record was created: whole seconds, as Airtable keeps it."""
    return iso(row.created_at // 1000 * 1000)


def shown(table: Table, row: Row) -> dict[str, Any]:
    """The cells of a row that are not empty, by column name."""
    found = ((column.name, cell(column, row)) for column in table.columns)
    return {name: value for name, value in found if value is not None}


def as_text(value: Any) -> str:
    """A cell as ``cellFormat=string`` shows it."""
    if isinstance(value, list):
        return ", ".join(map(label, value))
    if value is True:
        return "checked"
    return f"{value:g}" if isinstance(value, float) and value.is_integer() else label(value)
