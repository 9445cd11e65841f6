"""Cells: from the values that clients write, and to the values that clients read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mockcbs.core.made_ids import made_id
from mockcbs.services.feishu import errors, formulas
from mockcbs.services.feishu.kinds import KINDS, kept
from mockcbs.tables.model import Column, Row, Table

_COLORS = 54
PLAIN = frozenset({"1", "2", "3", "4", "11", "13", "15", "18", "21", "22", "23"})
"""The types of fields whose value for filters is that of the stored cell."""
LINK = "15"
"""The type of links, which are stored as objects."""


def written(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """The cells (by field id) from a client's values; raises 1254045 and the errors of conversion."""
    found = {}
    for name, value in values.items():
        column = table.column(name)
        if column is None:
            known = ", ".join(one.name for one in table.columns[:20])
            raise errors.refused(1254045, f"the table has no field {name!r}; it has {known}")
        found[column.id] = kept(column.type, name, value)
    return found


def with_options(table: Table, rows: Sequence[Mapping[str, Any]]) -> Table:
    """*table* with the new options of its selects in *rows*."""
    columns = []
    for column in table.columns:
        if column.type in {"3", "4"}:
            values = [row[column.id] for row in rows if row.get(column.id)]
            names = [name for value in values for name in ([value] if isinstance(value, str) else value)]
            column = _with_names(column, dict.fromkeys(names))  # noqa: PLW2901 - the same column, grown
        columns.append(column)
    return replace(table, columns=tuple(columns))


def _with_names(column: Column, names: Iterable[str]) -> Column:
    settings = dict(column.options.get("property") or {})
    options = list(settings.get("options") or [])
    known = {option["name"] for option in options}
    fresh = [name for name in names if name not in known]
    if not fresh:
        return column
    for name in fresh:
        option_id = made_id("opt", 10, column.id, name)
        options.append({"id": option_id, "name": name, "color": len(options) % _COLORS})
    if len(options) > 20_000:
        raise errors.refused(1254105, f"field {column.name!r} would have {len(options)} options")
    return replace(column, options={**column.options, "property": {**settings, "options": options}})


def person(user_id: str) -> dict[str, Any]:
    """A user in the form of cells and records."""
    name = f"User {user_id[-4:]}" if user_id != "bot" else "mockcbs"
    return {"id": user_id, "name": name, "en_name": name, "email": "", "avatar_url": ""}


def value_of(table: Table, row: Row, column: Column) -> Any:
    """The value of a field in a row, for filters, sorting and formulas; `None` for an empty cell.

    It is a text, a number, a boolean or a list of texts. A date is ms UTC, a link is its text.
    """
    if column.type == "1001":
        return row.created_at
    if column.type == "1002":
        return row.modified_at
    if column.type in {"1003", "1004"}:
        return [row.created_by if column.type == "1003" else row.modified_by]
    if column.type == "1005":
        return str(row.number)
    if column.type == "20":
        return formulas.value(table, row, column, value_of)
    return plain(row.cells.get(column.id))


def plain(held: Any) -> Any:
    """The value of a stored cell: a link is its text."""
    return held["text"] if isinstance(held, dict) else held


def shown(
    table: Table, row: Row, *, segments: bool = False, names: Iterable[str] | None = None
) -> dict[str, Any]:
    """The values of a row by field name, without empty cells; texts as *segments* or plain."""
    wanted = None if names is None else set(names)
    found = {}
    for column in table.columns:
        if wanted is not None and column.name not in wanted:
            continue
        value = value_of(table, row, column)
        if value is not None:
            found[column.name] = _shown(column, row, value, segments=segments)
    return found


def _shown(column: Column, row: Row, value: Any, *, segments: bool) -> Any:
    if column.type == "1":
        return [{"text": value, "type": "text"}] if segments else value
    if column.type == LINK:
        return dict(row.cells[column.id])
    show = _SHOWN.get(column.type)
    return show(value) if show else value


def _file(token: str) -> dict[str, Any]:
    url = f"https://open.feishu.cn/open-apis/drive/v1/medias/{token}/download"
    tmp_url = (
        f"https://open.feishu.cn/open-apis/drive/v1/medias/batch_get_tmp_download_url?file_tokens={token}"
    )
    return {
        "file_token": token,
        "name": f"{token}.bin",
        "type": "application/octet-stream",
        "size": 0,
        "url": url,
        "tmp_url": tmp_url,
    }


def _location(value: str) -> dict[str, str]:
    parts = ("pname", "cityname", "adname", "address", "name", "full_address")
    return {"location": value, **dict.fromkeys(parts, "")}


def _group(chat_id: str) -> dict[str, str]:
    return {"id": chat_id, "name": f"Group {chat_id[-4:]}", "avatar_url": ""}


_SHOWN: dict[str, Callable[[Any], Any]] = {
    "11": lambda ids: [person(one) for one in ids],
    "1003": lambda ids: person(ids[0]),
    "1004": lambda ids: person(ids[0]),
    "17": lambda tokens: [_file(token) for token in tokens],
    "18": lambda ids: {"link_record_ids": ids},
    "21": lambda ids: {"link_record_ids": ids},
    "20": lambda value: {"type": formulas.type_of(value), "value": formulas.listed(value)},
    "22": _location,
    "23": lambda ids: [_group(one) for one in ids],
}
"""The conversion to displayed values, by field type; other types need none."""


def field_shown(table: Table, column: Column, *, hidden: bool = False) -> dict[str, Any]:
    """A field in the form of the list of fields."""
    kind = KINDS[column.type]
    return {
        "field_id": column.id,
        "field_name": column.name,
        "type": kind.type,
        "ui_type": column.options.get("ui_type", kind.ui_types[0]),
        "is_primary": column.id == table.columns[0].id,
        "property": column.options.get("property") or dict(kind.default) or None,
        "description": column.description,
        "is_hidden": hidden,
    }


def field_made(table: Table, column: Column) -> dict[str, Any]:
    """A field in the form of the calls that create and change fields: its description is an object."""
    description = {"disable_sync": True, "text": column.description} if column.description else None
    return {**field_shown(table, column), "description": description}
