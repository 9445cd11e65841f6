"""The tables of a Base: the form of their ids, types of fields, and options."""

import json
import re
from collections.abc import Mapping
from typing import Any

from mockcbs.core.errors import ApiError
from mockcbs.core.made_ids import made_id
from mockcbs.core.spelling import not_one_of
from mockcbs.services.feishu import errors, filters
from mockcbs.services.feishu.cells import shown, with_options, written
from mockcbs.services.feishu.kinds import KINDS, WORDS
from mockcbs.tables.dialect import Dialect
from mockcbs.tables.model import Column, Table
from mockcbs.traffic.ids import IdForm

VIEW_TYPES = frozenset({"grid", "kanban", "gallery", "gantt", "form"})
APP_TOKENS = IdForm("4 to 64 letters, digits, _ or -", re.compile(r"[A-Za-z0-9_-]{4,64}"))
TABLE_IDS = IdForm("tbl and up to 60 letters or digits", re.compile(r"tbl[A-Za-z0-9_-]{0,60}"))


def column_options(type_: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """The stored options of a field, ``ui_type`` and ``property``; raises `ValueError`."""
    kind = KINDS[type_]
    if strange := options.keys() - {"ui_type", "property"}:
        raise ValueError(f"unknown: {', '.join(sorted(strange))}; accepted: ui_type, property")
    ui_type = options.get("ui_type") or kind.ui_types[0]
    if ui_type not in kind.ui_types:
        raise ValueError(f"ui_type {not_one_of(ui_type, kind.ui_types)}")
    stated = options.get("property") or {}
    settings = {**kind.default, **_object(stated)}
    if type_ in {"3", "4"}:
        settings["options"] = _select_options(stated.get("options") or [])
    return {"ui_type": ui_type, "property": settings}


def _object(stated: Any) -> dict[str, Any]:
    found = stated if isinstance(stated, dict) else None
    if found is None:
        raise ValueError(f"property {stated!r} is not an object")
    return found


def _select_options(stated: Any) -> list[dict[str, Any]]:
    if not isinstance(stated, list) or not all(
        isinstance(one, dict) and isinstance(one.get("name"), str) and one["name"] for one in stated
    ):
        raise ValueError("options is not a list of objects with a name")
    options = {
        one["name"]: {
            "id": str(one.get("id") or made_id("opt", 10, one["name"], place)),
            "name": one["name"],
            "color": one.get("color", place % 54),
        }
        for place, one in enumerate(stated)
    }
    return list(options.values())


def view_options(table: Table, options: Mapping[str, Any]) -> dict[str, Any]:
    """The stored options of a view: ``filter_info``, ``hidden_fields``, ``sort``; raises `ValueError`.

    ``filter`` may replace ``filter_info``; it names fields by name, as a search does. ``sort`` has the form
    of a search, or names fields by id. Clients cannot set ``sort`` by a call; users do it on the page of a
    Base.
    """
    accepted = ("filter", "filter_info", "hidden_fields", "sort")
    if strange := options.keys() - set(accepted):
        raise ValueError(f"unknown: {', '.join(sorted(strange))}; accepted: {', '.join(accepted)}")
    hidden = options.get("hidden_fields") or []
    if not isinstance(hidden, list) or not all(isinstance(one, str) for one in hidden):
        raise ValueError("hidden_fields is not a list of field ids")
    info = options.get("filter_info")
    try:
        for one in hidden:
            if table.column_with_id(one) is None:
                raise errors.refused(1254044, f"hidden_fields: the table has no field with id {one!r}")
        if stated := options.get("filter"):
            filters.search(table, stated, 0)
            info = _by_id(table, stated)
        if info is not None:
            filters.view(table, info, 0)
        sort = filters.view_sort(table, options.get("sort"))
    except ApiError as error:
        raise ValueError(error.reason) from error
    return {"filter_info": info, "hidden_fields": hidden, **({"sort": sort} if sort else {})}


def _by_id(table: Table, stated: Mapping[str, Any]) -> dict[str, Any]:
    columns = {column.name: column.id for column in table.columns}
    conditions = [
        {
            "field_id": columns[one["field_name"]],
            "operator": one["operator"],
            "value": json.dumps(one.get("value") or [], ensure_ascii=False),
        }
        for one in stated.get("conditions") or []
    ]
    return {"conjunction": stated.get("conjunction") or "and", "conditions": conditions}


def is_hidden(options: Mapping[str, Any], column: Column) -> bool:
    """Whether a view with these options hides a field."""
    return column.id in (options.get("hidden_fields") or [])


DIALECT = Dialect(
    service="feishu",
    bases=APP_TOKENS,
    tables=TABLE_IDS,
    types=WORDS,
    cells=written,
    shown=shown,
    new_row_id=lambda names: made_id("rec", 12, names),
    column_id=lambda names: made_id("fld", 7, names),
    view_id=lambda names: made_id("vew", 7, names),
    table_name="数据表",
    view="表格",
    view_types=VIEW_TYPES,
    column_options=column_options,
    view_options=view_options,
    with_rows=with_options,
)
