"""Bases and tables: the form of their ids, defaults, and access to the table store."""

import re
from dataclasses import replace

from marshmallow import fields

from mockcbs.core.bounds import Items
from mockcbs.core.errors import ApiError
from mockcbs.core.files import StrictSchema
from mockcbs.core.made_ids import made_id
from mockcbs.services.airtable import errors
from mockcbs.services.airtable.cells import shown, written
from mockcbs.services.airtable.kinds import KINDS, Writing, options_of, with_choices
from mockcbs.services.airtable.listing import view_options
from mockcbs.services.airtable.service import DEFAULT_BASE
from mockcbs.tables.dialect import Dialect
from mockcbs.tables.model import Column, Table, View
from mockcbs.tables.stated import stated_schema
from mockcbs.tables.store import Tables, known
from mockcbs.traffic.ids import IdForm
from mockcbs.web import context

_SEED = {
    "workflow_id": "singleLineText",
    "exec_time": "singleLineText",
    "input_len": "number",
    "duration_ms": "number",
}
_BASE_ID = IdForm("app and 14 letters or digits", re.compile("app[0-9A-Za-z]{14}"))
_TABLE_ID = IdForm("tbl and 14 letters or digits", re.compile("tbl[0-9A-Za-z]{14}"))


class _Dialect(Dialect):
    def default_table(self, base: str, table_id: str) -> Table:
        """The table for an id without a description: the seed's columns, with the time as text."""
        columns = tuple(
            Column(self.column_id(f"{base}/{table_id}/{name}"), name, kind, options_of(kind, {}))
            for name, kind in _SEED.items()
        )
        view = View(self.view_id(f"{base}/{table_id}/{self.view}"), self.view, self.view_type)
        return Table(base, table_id, self.table_name, columns, (view,))


DIALECT = _Dialect(
    service="airtable",
    bases=_BASE_ID,
    tables=_TABLE_ID,
    types={**{name: name for name in KINDS}, "text": "singleLineText"},
    cells=written,
    shown=shown,
    new_row_id=lambda name: made_id("rec", 14, name),
    column_options=options_of,
    view_options=view_options,
    view_types=frozenset({"grid", "form", "calendar", "gallery", "kanban", "timeline", "block"}),
)


def store() -> Tables:
    """The tables in the scope of the caller."""
    return DIALECT.store(context.mock(), context.scope() or "")


def check_base(base_id: str) -> None:
    """Raise `ApiError` for a base that does not exist."""
    errors.check_failing(base_id)
    if not _BASE_ID.pattern.fullmatch(base_id):
        raise ApiError(errors.NOT_FOUND, f"{base_id!r} is not the id of a base: {_BASE_ID.name}")
    if context.mock().settings.strict and base_id not in bases():
        raise ApiError(errors.FORBIDDEN, f"no base {base_id} is stated or was created here (--strict)")


def bases() -> list[str]:
    """The bases of the caller, oldest first."""
    store().adopt_all()
    kept = known(context.mock().documents, DIALECT.service)
    default = [] if context.mock().settings.strict else [DEFAULT_BASE]
    mine = [table.base for _, scope, table in kept if scope == (context.scope() or "")]
    return list(dict.fromkeys([*default, *mine]))


def find(base_id: str, name: str) -> Table:
    """The table with that id or name; raises `ApiError`.

    The first use of a name creates the table.
    """
    check_base(base_id)
    held = store()
    if _TABLE_ID.pattern.fullmatch(name) and (found := held.table(base_id, name)):
        return found
    if found := next((table for table in held.tables(base_id) if name in {table.name, table.id}), None):
        return found
    if context.mock().settings.strict:
        raise ApiError(errors.FORBIDDEN, f"base {base_id} has no table {name!r} (--strict)")
    table_id = made_id("tbl", 14, base_id, name)
    return held.put(replace(DIALECT.default_table(base_id, table_id), name=name))


def with_new_options(table: Table, writing: Writing) -> Table:
    """Store and return *table* with the new options of selects that a request created."""
    for column_id, names in writing.options.items():
        column = table.column_with_id(column_id)
        if column:
            options = {**column.options, "choices": with_choices(column.options.get("choices", []), names)}
            table = store().put(table.with_column(replace(column, options=options)))
    return table


class AirtableSection(StrictSchema):
    """The part of a dataset for Airtable."""

    tables = Items(fields.Nested(stated_schema(DIALECT)), load_default=[])
