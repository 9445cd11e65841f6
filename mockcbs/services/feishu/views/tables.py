"""Tables and views (contract 4.3.3)."""

from dataclasses import replace
from typing import Any

from mockcbs.core.spelling import not_one_of
from mockcbs.services.feishu import bases, errors, schemas
from mockcbs.services.feishu.dialect import DIALECT, VIEW_TYPES
from mockcbs.services.feishu.envelope import ok
from mockcbs.services.feishu.views.base import APP, TABLE, blp, paged
from mockcbs.tables.model import Table, View

_TABLES = f"{APP}/tables"
_VIEWS = f"{TABLE}/views"
_MAX_COLUMNS, _MAX_VIEWS = 300, 200


@blp.get(_TABLES)
@blp.arguments(schemas.PageQuery, location="query")
@blp.answers("TablePage")
def list_tables(query: dict[str, Any], app_token: str) -> dict[str, Any]:
    """列出数据表: the tables of a Base."""
    found = bases.tables_of(app_token)
    return ok(
        **paged([{"table_id": one.id, "revision": one.revision, "name": one.name} for one in found], query)
    )


@blp.post(_TABLES)
@blp.arguments(schemas.TableBody, location="json")
@blp.answers("NewTableAnswer")
def create_table(body: dict[str, Any], app_token: str) -> dict[str, Any]:
    """新增数据表: create a table with fields and one view."""
    made = _made(app_token, body["table"])
    return ok(
        table_id=made.id,
        default_view_id=made.views[0].id,
        field_id_list=[column.id for column in made.columns],
    )


@blp.post(f"{_TABLES}/batch_create")
@blp.arguments(schemas.TablesBody, location="json")
@blp.answers("NewTablesAnswer")
def create_tables(body: dict[str, Any], app_token: str) -> dict[str, Any]:
    """新增多个数据表: create tables, all or none."""
    names = [one["name"] for one in body["tables"]]
    if len(set(names)) < len(names):
        raise errors.refused(1254013, f"two of the names are the same: {', '.join(names)}")
    for name in names:
        bases.check_name(bases.tables_of(app_token), name)
    return ok(table_ids=[_made(app_token, one).id for one in body["tables"]])


@blp.post(f"{_TABLES}/batch_delete")
@blp.arguments(schemas.TableIds, location="json")
@blp.answers("Envelope")
def delete_tables(body: dict[str, Any], app_token: str) -> dict[str, Any]:
    """删除多个数据表: delete tables, all or none."""
    for table in [bases.table(app_token, table_id) for table_id in body["table_ids"]]:
        bases.store().delete(table)
    return ok()


@blp.route(TABLE, methods=["PATCH"])
@blp.arguments(schemas.TableName, location="json")
@blp.answers("TableNameAnswer")
def update_table(body: dict[str, Any], app_token: str, table_id: str) -> dict[str, Any]:
    """更新数据表: rename a table."""
    table = bases.table(app_token, table_id)
    if body["name"] != table.name:
        bases.check_name(bases.tables_of(app_token), body["name"])
        table = bases.keep(replace(table, name=body["name"]))
    return ok(name=table.name)


@blp.delete(TABLE)
@blp.answers("Envelope")
def delete_table(app_token: str, table_id: str) -> dict[str, Any]:
    """删除数据表: delete a table and its records."""
    bases.store().delete(bases.table(app_token, table_id))
    return ok()


@blp.get(_VIEWS)
@blp.arguments(schemas.PageQuery, location="query")
@blp.answers("ViewPage")
def list_views(query: dict[str, Any], app_token: str, table_id: str) -> dict[str, Any]:
    """列出视图: the views of a table."""
    table = bases.table(app_token, table_id)
    return ok(**paged([_shown(table, view) for view in table.views], query))


@blp.post(_VIEWS)
@blp.arguments(schemas.NewView, location="json")
@blp.answers("ViewAnswer")
def create_view(body: dict[str, Any], app_token: str, table_id: str) -> dict[str, Any]:
    """新增视图: create a view of all records."""
    table = bases.table(app_token, table_id)
    kind = body["view_type"] or "grid"
    if kind not in VIEW_TYPES:
        raise errors.refused(1254012, f"view_type {not_one_of(kind, sorted(VIEW_TYPES))}")
    if len(table.views) >= _MAX_VIEWS:
        raise errors.refused(1254102, f"a table has at most {_MAX_VIEWS} views")
    _check_name(table, body["view_name"])
    made = View(bases.new_view_id(table), body["view_name"], kind, DIALECT.view_options(table, {}))
    return ok(view=_shown(bases.keep(table.with_view(made)), made))


@blp.get(f"{_VIEWS}/<view_id>")
@blp.answers("ViewAnswer")
def get_view(app_token: str, table_id: str, view_id: str) -> dict[str, Any]:
    """获取视图: one view."""
    table = bases.table(app_token, table_id)
    return ok(view=_shown(table, bases.view(table, view_id)))


@blp.route(f"{_VIEWS}/<view_id>", methods=["PATCH"])
@blp.arguments(schemas.ChangedView, location="json")
@blp.answers("ViewAnswer")
def update_view(body: dict[str, Any], app_token: str, table_id: str, view_id: str) -> dict[str, Any]:
    """更新视图: change the name, the filter and the hidden fields."""
    table = bases.table(app_token, table_id)
    view = bases.view(table, view_id)
    if (name := body.get("view_name", view.name)) != view.name:
        _check_name(table, name)
    known = ("filter_info", "hidden_fields")
    given = {key: value for key, value in (body.get("property") or {}).items() if key in known}
    options = bases.view_options(table, {**view.options, **given})
    changed = replace(view, name=name, options=options)
    return ok(view=_shown(bases.keep(table.with_view(changed)), changed))


@blp.delete(f"{_VIEWS}/<view_id>")
@blp.answers("Envelope")
def delete_view(app_token: str, table_id: str, view_id: str) -> dict[str, Any]:
    """删除视图: delete a view; the last view cannot be deleted."""
    table = bases.table(app_token, table_id)
    view = bases.view(table, view_id)
    if len(table.views) == 1:
        raise errors.refused(1254008, "the last view of a table cannot be deleted")
    bases.keep(replace(table, views=tuple(one for one in table.views if one.id != view.id)))
    return ok()


def _made(app_token: str, content: dict[str, Any]) -> Table:
    base = bases.base(app_token)
    stated = content["columns"] or []
    if len(stated) > _MAX_COLUMNS:
        raise errors.refused(1254101, f"a table has at most {_MAX_COLUMNS} fields")
    columns = tuple(bases.column(app_token, one) for one in stated)
    names = [column.name for column in columns]
    if len(set(names)) < len(names):
        raise errors.refused(1254014, f"two of the fields have the same name: {', '.join(names)}")
    return bases.create_table(base, content["name"], content["default_view_name"] or "", columns)


def _check_name(table: Table, name: str) -> None:
    if name in {view.name for view in table.views}:
        raise errors.refused(1254001, f"the table already has a view {name!r}")


def _shown(table: Table, view: View) -> dict[str, Any]:
    info = view.options.get("filter_info")
    if info:
        conditions = [
            {**one, "condition_id": f"con{place:07}", "field_type": _type(table, one["field_id"])}
            for place, one in enumerate(info.get("conditions") or [], 1)
        ]
        info = {
            "conjunction": info.get("conjunction") or "and",
            "conditions": conditions,
            "condition_omitted": False,
        }
    return {
        "view_id": view.id,
        "view_name": view.name,
        "view_type": view.type,
        "view_public_level": "Public",
        "property": {"filter_info": info, "hidden_fields": view.options.get("hidden_fields") or []},
    }


def _type(table: Table, field_id: str) -> int:
    column = table.column_with_id(field_id)
    return int(column.type) if column else 1
