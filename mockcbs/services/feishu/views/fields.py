"""Fields (contract 4.3.3)."""

from dataclasses import replace
from typing import Any

from mockcbs.services.feishu import bases, errors, schemas
from mockcbs.services.feishu.cells import field_made, field_shown
from mockcbs.services.feishu.dialect import is_hidden
from mockcbs.services.feishu.envelope import ok
from mockcbs.services.feishu.views.base import TABLE, blp, paged
from mockcbs.tables.model import Table

_FIELDS = f"{TABLE}/fields"
_MAX_COLUMNS = 300


@blp.get(_FIELDS)
@blp.arguments(schemas.FieldsQuery, location="query")
@blp.answers("FieldPage")
def list_fields(query: dict[str, Any], app_token: str, table_id: str) -> dict[str, Any]:
    """列出字段: the fields of a table; with view_id also whether the view hides them."""
    table = bases.table(app_token, table_id)
    options = bases.view(table, query["view_id"]).options if "view_id" in query else {}
    shown = [field_shown(table, one, hidden=is_hidden(options, one)) for one in table.columns]
    return ok(**paged(shown, query))


@blp.post(_FIELDS)
@blp.arguments(schemas.FieldBody, location="json")
@blp.answers("FieldAnswer")
def create_field(body: dict[str, Any], app_token: str, table_id: str) -> dict[str, Any]:
    """新增字段: add a field at the end."""
    table = bases.table(app_token, table_id)
    _check_name(table, body["field_name"])
    if len(table.columns) >= _MAX_COLUMNS:
        raise errors.refused(1254101, f"a table has at most {_MAX_COLUMNS} fields")
    made = bases.column(f"{app_token}/{table_id}", body)
    return ok(field=field_made(bases.keep(table.with_column(made)), made))


@blp.put(f"{_FIELDS}/<field_id>")
@blp.arguments(schemas.FieldBody, location="json")
@blp.answers("FieldAnswer")
def update_field(body: dict[str, Any], app_token: str, table_id: str, field_id: str) -> dict[str, Any]:
    """更新字段: change name, type, property and description; a new type empties the cells."""
    table = bases.table(app_token, table_id)
    known = bases.field(table, field_id)
    if body["field_name"] != known.name:
        _check_name(table, body["field_name"])
    changed = replace(bases.column(f"{app_token}/{table_id}", body), id=known.id)
    if changed.type != known.type:
        _empty(table, field_id)
        table = _without_conditions(table, field_id)
    return ok(field=field_made(bases.keep(table.with_column(changed)), changed))


@blp.delete(f"{_FIELDS}/<field_id>")
@blp.answers("DeletedField")
def delete_field(app_token: str, table_id: str, field_id: str) -> dict[str, Any]:
    """删除字段: delete a field and its cells; the primary field cannot be deleted."""
    table = bases.table(app_token, table_id)
    known = bases.field(table, field_id)
    if known.id == table.columns[0].id:
        raise errors.refused(1254070, f"{known.name!r} is the primary field, which cannot be deleted")
    _empty(table, field_id)
    table = _without_conditions(table, field_id)
    bases.keep(replace(table, columns=tuple(one for one in table.columns if one.id != field_id)))
    return ok(field_id=field_id, deleted=True)


def _check_name(table: Table, name: str) -> None:
    if table.column(name):
        raise errors.refused(1254014, f"the table already has a field {name!r}")


def _empty(table: Table, field_id: str) -> None:
    tables = bases.store()
    for row in tables.rows(table):
        if field_id in row.cells:
            tables.change(table, row, {field_id: None}, at=row.modified_at, by=row.modified_by)


def _without_conditions(table: Table, field_id: str) -> Table:
    """*table* with views that do not filter by, sort by or hide that field."""
    views = []
    for view in table.views:
        info = view.options.get("filter_info")
        if info:
            kept = [one for one in info.get("conditions") or [] if one["field_id"] != field_id]
            info = {**info, "conditions": kept} if kept else None
        hidden = [one for one in view.options.get("hidden_fields") or [] if one != field_id]
        sort = [one for one in view.options.get("sort") or [] if one["field_id"] != field_id]
        options = {**view.options, "filter_info": info, "hidden_fields": hidden, "sort": sort}
        views.append(replace(view, options=options))
    return replace(table, views=tuple(views))
