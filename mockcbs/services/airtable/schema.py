"""The schema of bases: read and create tables, fields and views."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mockcbs.core.errors import ApiError
from mockcbs.core.made_ids import made_id
from mockcbs.services.airtable import errors, tables
from mockcbs.services.airtable.kinds import KINDS, options_of
from mockcbs.services.airtable.tables import DIALECT
from mockcbs.tables.model import Column, Table, View
from mockcbs.web import context

_ISSUED = "airtable.ids"
_COMPUTED_PRIMARY = "the first field of a table must not be computed"


def table_shape(table: Table, *, visible: bool = False) -> dict[str, Any]:
    """A table without its records; *visible* adds the visible fields of its views."""
    ids = {"visibleFieldIds": [column.id for column in table.columns]} if visible else {}
    return {
        "id": table.id,
        "name": table.name,
        "primaryFieldId": table.columns[0].id,
        "fields": [field_shape(column) for column in table.columns],
        "views": [{"id": view.id, "name": view.name, "type": view.type, **ids} for view in table.views],
    }


def field_shape(column: Column) -> dict[str, Any]:
    """A field of a table."""
    shape: dict[str, Any] = {"id": column.id, "name": column.name, "type": column.type}
    if column.description:
        shape["description"] = column.description
    if options := column.options or KINDS[column.type].options:
        shape["options"] = dict(options)
    return shape


def of_base(base_id: str) -> list[Table]:
    """The tables of a base; a new base has one table with the seed's columns."""
    tables.check_base(base_id)
    found = tables.store().tables(base_id)
    if found or context.mock().settings.strict:
        return found
    return [DIALECT.default_table(base_id, made_id("tbl", 14, base_id, DIALECT.table_name))]


def new_base(body: Mapping[str, Any]) -> tuple[str, list[Table]]:
    """Create a base with its tables."""
    base_id = made_id("app", 14, context.scope(), body["workspace_id"], body["name"], _number())
    return base_id, [new_table(base_id, table) for table in body["tables"]]


def new_table(base_id: str, body: Mapping[str, Any]) -> Table:
    """Create a table in a base."""
    held = tables.store()
    if any(table.name == body["name"] for table in held.tables(base_id)):
        raise ApiError(errors.DUPLICATE_TABLE, f"base {base_id} has a table {body['name']!r} already")
    table_id = made_id("tbl", 14, base_id, body["name"])
    columns: Sequence[Column] = ()
    for given in body["fields_"]:
        columns = (*columns, _column(base_id, table_id, columns, given))
    if KINDS[columns[0].type].read is None:
        raise ApiError(errors.INVALID_OPTIONS, _COMPUTED_PRIMARY)
    view = View(DIALECT.view_id(f"{base_id}/{table_id}/{DIALECT.view}"), DIALECT.view, DIALECT.view_type)
    return held.put(Table(base_id, table_id, body["name"], tuple(columns), (view,)))


def new_field(table: Table, body: Mapping[str, Any]) -> Column:
    """Add a field to a table."""
    column = _column(table.base, table.id, table.columns, body)
    tables.store().put(table.with_column(column))
    return column


def renamed_table(table: Table, name: str | None) -> Table:
    """Rename a table."""
    if name is None or name == table.name:
        return table
    if any(other.name == name for other in tables.store().tables(table.base)):
        raise ApiError(errors.DUPLICATE_TABLE, f"base {table.base} has a table {name!r} already")
    return tables.store().put(replace(table, name=name))


def changed_field(table: Table, field_id: str, body: Mapping[str, Any]) -> Column:
    """Rename a field, or change its description."""
    column = table.column_with_id(field_id) or table.column(field_id)
    if column is None:
        raise ApiError(errors.NOT_FOUND, f"table {table.name!r} has no field {field_id!r}")
    name = body.get("name", column.name)
    if name != column.name and table.column(name):
        raise ApiError(errors.DUPLICATE_FIELD, f"table {table.name!r} has a field {name!r} already")
    description = body.get("description", column.description) or ""
    changed = replace(column, name=name, description=description)
    tables.store().put(table.with_column(changed))
    return changed


def _column(base_id: str, table_id: str, others: Sequence[Column], given: Mapping[str, Any]) -> Column:
    name, kind = given["name"], given["type"]
    if any(column.name == name for column in others):
        raise ApiError(errors.DUPLICATE_FIELD, f"the table already has a field {name!r}")
    if kind not in KINDS:
        reason = f"type {kind!r} is not emulated; these are: {', '.join(KINDS)}"
        raise ApiError(errors.UNSUPPORTED_FIELD, reason)
    try:
        options = options_of(kind, given.get("options") or {})
    except ValueError as error:
        raise ApiError(errors.INVALID_OPTIONS, f"field {name!r}: {error}") from error
    column_id = DIALECT.column_id(f"{base_id}/{table_id}/{name}")
    if any(
        column.id == column_id for column in others
    ):  # an earlier field of that name has this id, even if it was renamed since
        column_id = DIALECT.column_id(f"{base_id}/{table_id}/{name}/{_number()}")
    return Column(column_id, name, kind, options, given.get("description") or "")


def _number() -> int:
    """A new number in the scope; each call returns another."""
    documents, scope = context.mock().documents, context.scope() or ""
    held = documents.get(_ISSUED, scope, "issued")
    number: int = (held["count"] if held else 0) + 1
    documents.put(_ISSUED, scope, "issued", {"count": number})
    return number
