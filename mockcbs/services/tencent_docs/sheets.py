"""Files and smart sheets: access to the table store, and conversion of cells."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import fields

from mockcbs.core.bounds import Items
from mockcbs.core.errors import ApiError
from mockcbs.core.files import StrictSchema
from mockcbs.core.made_ids import made_id
from mockcbs.services.tencent_docs import errors
from mockcbs.tables.dialect import Dialect
from mockcbs.tables.model import Column, Row, Table, View
from mockcbs.tables.stated import stated_schema
from mockcbs.tables.store import Tables
from mockcbs.traffic.ids import IdForm
from mockcbs.web import context

DEFAULT_SHEET = "Sheet1"
"""The id and title of the only sheet of an unused file."""

_SEED = {"workflow_id": "text", "exec_time": "text", "input_len": "number", "duration_ms": "number"}
_MAX_TEXT = 100_000


def _segments(*members: str) -> Callable[[Any], bool]:
    """Whether a value is a list of objects that each have one of these texts."""

    def fits(value: Any) -> bool:
        return isinstance(value, list) and all(
            isinstance(one, Mapping) and any(isinstance(one.get(member), str) for member in members)
            for one in value
        )

    return fits


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _MAX_TEXT


def _is_ms(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,15}", value) is not None


_KINDS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "text": (_segments("text"), '[{"type":"text","text":"…"}]'),
    "number": (_is_number, "a number"),
    "checkbox": (lambda value: isinstance(value, bool), "true or false"),
    "date": (_is_ms, "the milliseconds since 1970 as a string"),
    "url": (_segments("link"), '[{"type":"url","text":"…","link":"…"}]'),
    "select": (_segments("text", "id"), '[{"text":"…"}]'),
    "single_select": (_segments("text", "id"), '[{"text":"…"}] with one option'),
    "phone": (_is_text, "a string"),
    "email": (_is_text, "a string"),
    "progress": (_is_number, "a number"),
}
"""The check of values for each type of field, and the description of good values for messages."""


def written(table: Table, values: Mapping[str, Any], *, by_id: bool = False) -> dict[str, Any]:
    """Convert *values*, by title (or id) of the field, to cells by column id."""
    cells = {}
    for name, value in values.items():
        column = table.column_with_id(name) if by_id else table.column(name)
        if column is None:
            known = ", ".join(column.id if by_id else column.name for column in table.columns)
            raise errors.wrong(f"unknown field {name!r}; the fields are {known}")
        cells[column.id] = _cell(column, value)
    return cells


def _cell(column: Column, value: Any) -> Any:
    if value is None or value == []:
        return None
    fits, wanted = _KINDS[column.type]
    if not fits(value) or (column.type == "single_select" and len(value) > 1):
        raise errors.wrong(f"field {column.name!r} ({column.type}) takes {wanted}, not {repr(value)[:80]}")
    return value


def shown(table: Table, row: Row, *, by_id: bool = False) -> dict[str, Any]:
    """The cells of a row by title (or id) of the field, without empty cells."""
    return {
        column.id if by_id else column.name: row.cells[column.id]
        for column in table.columns
        if column.id in row.cells
    }


class _Dialect(Dialect):
    def default_table(self, base: str, table_id: str) -> Table:
        """The sheet for an id without a description: the seed's fields, with the time as text."""
        columns = tuple(
            Column(self.column_id(f"{base}/{table_id}/{name}"), name, kind) for name, kind in _SEED.items()
        )
        view = View(self.view_id(f"{base}/{table_id}/{self.view}"), self.view, self.view_type)
        return Table(base, table_id, self.table_name, columns, (view,))


DIALECT = _Dialect(
    service="tencent_docs",
    bases=IdForm("4 to 64 letters, digits, $, - or _", re.compile(r"[0-9A-Za-z$_-]{4,64}")),
    tables=IdForm("1 to 32 letters, digits, - or _", re.compile(r"[0-9A-Za-z_-]{1,32}")),
    types={name: name for name in _KINDS},
    cells=written,
    shown=shown,
    new_row_id=lambda name: made_id("r", 9, name),
    column_id=lambda name: made_id("f", 5, name),
    table_name=DEFAULT_SHEET,
)


def store() -> Tables:
    """The sheets in the scope of the caller."""
    return DIALECT.store(context.mock(), context.scope() or "")


def find(file_id: str, sheet_id: str) -> Table | None:
    """The sheet with that id; `None` if it does not exist."""
    if not (DIALECT.bases.pattern.fullmatch(file_id) and DIALECT.tables.pattern.fullmatch(sheet_id)):
        return None
    return store().table(file_id, sheet_id)


def of_file(file_id: str) -> list[Table]:
    """The sheets of a file; a new file has one sheet with the seed's fields. Raises `ApiError`."""
    found = store().tables(file_id) if DIALECT.bases.pattern.fullmatch(file_id) else []
    if not found and (table := find(file_id, DEFAULT_SHEET)):
        return [table]
    if not found:
        raise ApiError(errors.NOT_FOUND, f"there is no file {file_id!r}")
    return found


class TencentSection(StrictSchema):
    """The part of a dataset for Tencent Docs and WeCom."""

    tables = Items(fields.Nested(stated_schema(DIALECT)), load_default=[])
