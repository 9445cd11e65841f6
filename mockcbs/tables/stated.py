"""The schema of tables in datasets and the control API."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from mockcbs.core.bounds import Entries, Items
from mockcbs.core.errors import ApiError
from mockcbs.core.files import StrictSchema, text
from mockcbs.core.spelling import not_one_of
from mockcbs.tables.dialect import Dialect
from mockcbs.tables.model import Column, StatedTable, Table, View

MAX_ROWS = 20_000
MAX_COLUMNS = 300
MAX_VIEWS = 200


class _ColumnSchema(StrictSchema):
    """A column."""

    name = text(1000, 1, required=True)
    type = fields.Raw(load_default="text")
    id = text(64, 1)
    options = Entries(keys=text(256), load_default=dict)
    description = text(5000, load_default="")


class _ViewSchema(StrictSchema):
    """A view."""

    name = text(256, 1, required=True)
    type = text(64, 1)
    id = text(64, 1)
    options = Entries(keys=text(256), load_default=dict)


class StatedTableSchema(StrictSchema):
    """A table; the default columns are those of the seed."""

    DIALECT: Dialect

    base = text(128, 1, required=True)
    table = text(128, 1, required=True)
    name = text(256, 1)
    views = Items(fields.Nested(_ViewSchema), validate=validate.Length(0, MAX_VIEWS))
    rows = Items(Entries(keys=text(1000)), load_default=[], validate=validate.Length(0, MAX_ROWS))

    fields = Items(  # type: ignore[assignment]
        fields.Nested(_ColumnSchema), validate=validate.Length(1, MAX_COLUMNS)
    )

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> StatedTable:
        dialect, base, table_id = self.DIALECT, data["base"], data["table"]
        for key, form in (("base", dialect.bases), ("table", dialect.tables)):
            if not form.pattern.fullmatch(data[key]):
                raise ValidationError(f"{data[key]!r} is not {form.name}", key)
        table = dialect.default_table(base, table_id)
        columns = tuple(
            self._column(f"{base}/{table_id}", place, column)
            for place, column in enumerate(data.get("fields", ()))
        )
        table = Table(base, table_id, data.get("name", table.name), columns or table.columns, table.views)
        _refuse_twice("fields", [column.name for column in table.columns])
        views = tuple(self._view(table, place, view) for place, view in enumerate(data.get("views", ())))
        _refuse_twice("views", [view.name for view in views])
        if views:
            table = Table(base, table_id, table.name, table.columns, views)
        rows = tuple(self._cells(table, place, row) for place, row in enumerate(data["rows"]))
        return StatedTable(dialect.with_rows(table, rows), rows)

    def _column(self, owner: str, place: int, data: Mapping[str, Any]) -> Column:
        kind = self.DIALECT.types.get(str(data["type"]))
        if kind is None:
            sentence = not_one_of(data["type"], self.DIALECT.types)
            raise ValidationError({"fields": {place: {"type": [sentence]}}})
        try:
            options = self.DIALECT.column_options(kind, data["options"])
        except ValueError as error:
            raise ValidationError({"fields": {place: {"options": [str(error)]}}}) from error
        column_id = data.get("id") or self.DIALECT.column_id(f"{owner}/{data['name']}")
        return Column(column_id, data["name"], kind, options, data["description"])

    def _view(self, table: Table, place: int, data: Mapping[str, Any]) -> View:
        dialect = self.DIALECT
        kind = data.get("type", dialect.view_type)
        if kind not in dialect.view_types:
            sentence = not_one_of(kind, sorted(dialect.view_types))
            raise ValidationError({"views": {place: {"type": [sentence]}}})
        try:
            options = dialect.view_options(table, data["options"])
        except ValueError as error:
            raise ValidationError({"views": {place: {"options": [str(error)]}}}) from error
        view_id = data.get("id") or dialect.view_id(f"{table.base}/{table.id}/{data['name']}")
        return View(view_id, data["name"], kind, options)

    def _cells(self, table: Table, place: int, row: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return self.DIALECT.cells(table, row)
        except ApiError as error:
            raise ValidationError({"rows": {place: [error.reason]}}) from error


@cache
def stated_schema(dialect: Dialect) -> type[StatedTableSchema]:
    """The schema of a table of that service; it loads a `StatedTable`."""
    return type("StatedTableSchema", (StatedTableSchema,), {"DIALECT": dialect})


def described(dialect: Dialect, scope: str, table: Table, count: int) -> dict[str, Any]:
    """A table as the control API shows it, without its rows.

    A dataset accepts it without ``service``, ``scope`` and ``count``.
    """
    words = {kind: word for word, kind in reversed([*dialect.types.items()])}
    return {
        "service": dialect.service,
        "scope": scope,
        "base": table.base,
        "table": table.id,
        "name": table.name,
        "fields": [
            {
                "name": column.name,
                "type": words[column.type],
                "id": column.id,
                "options": dict(column.options),
                "description": column.description,
            }
            for column in table.columns
        ],
        "views": [
            {"name": view.name, "type": view.type, "id": view.id, "options": dict(view.options)}
            for view in table.views
        ],
        "count": count,
    }


def _refuse_twice(key: str, values: list[str]) -> None:
    for place, value in enumerate(values):
        if value in values[:place]:
            raise ValidationError({key: {place: [f"{value!r} occurs twice"]}})
