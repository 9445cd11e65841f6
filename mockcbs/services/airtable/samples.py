"""Sample code for pyairtable."""

import re
from collections.abc import Callable
from typing import Any

from mockcbs.samples.python import call
from mockcbs.samples.request import Request
from mockcbs.samples.sdk import Sdk
from mockcbs.settings import Settings

_LIST = re.compile(r"(fields|records)(\[[0-9]*\])?")
_SORT = re.compile(r"sort\[([0-9]+)\]\[(field|direction)\]")
_OPTIONS = {
    "pageSize": "page_size",
    "maxRecords": "max_records",
    "filterByFormula": "formula",
    "view": "view",
    "cellFormat": "cell_format",
    "userLocale": "user_locale",
    "timeZone": "time_zone",
    "returnFieldsByFieldId": "use_field_ids",
}
"""The names of the API's options in pyairtable."""


def _write(request: Request, settings: Settings) -> str | None:
    del settings
    _, _, operation = request.operation.partition(".")
    made = _CALLS[operation](request) if operation in _CALLS else None
    if made is None:
        return None
    token = request.header("Authorization").removeprefix("Bearer ")
    lines = [
        "from pyairtable import Api",
        "",
        f"api = {call('Api', token, endpoint_url=request.base_url)}",
    ]
    if "table" in made:
        names = request.names
        lines.append(f"table = {call('api.table', names['base_id'], names['table_name'])}")
    return "\n".join([*lines, f"print({made})", ""])


def _options(request: Request) -> dict[str, Any]:
    """The options of a query or a body, as arguments in Python."""
    given: dict[str, Any] = {}
    sort: dict[str, dict[str, str]] = {}
    for name, value in request.parameters:
        if found := _LIST.fullmatch(name):
            given.setdefault(found[1], []).append(value)
        elif found := _SORT.fullmatch(name):
            sort.setdefault(found[1], {})[found[2]] = value
        elif name in _OPTIONS:
            given[_OPTIONS[name]] = int(value) if value.isdecimal() else {"true": True}.get(value, value)
    given.pop("records", None)
    if sort:
        given["sort"] = [
            f"{'-' if one.get('direction') == 'desc' else ''}{one.get('field', '')}" for one in sort.values()
        ]
    body = request.json if isinstance(request.json, dict) else {}
    given |= {_OPTIONS[name]: value for name, value in body.items() if name in _OPTIONS}
    return given | ({"typecast": True} if body.get("typecast") else {})


def _list(request: Request) -> str:
    return call("table.all", **_options(request))


def _create(request: Request) -> str | None:
    body = request.json or {}
    if "records" in body:
        return call("table.batch_create", [one["fields"] for one in body["records"]], **_options(request))
    return call("table.create", body.get("fields", {}), **_options(request))


def _update(request: Request) -> str:
    replace = {"replace": True} if request.method == "PUT" else {}
    fields = (request.json or {}).get("fields", {})
    return call("table.update", request.names["record_id"], fields, **replace, **_options(request))


def _update_several(request: Request) -> str:
    body = request.json or {}
    options = ({"replace": True} if request.method == "PUT" else {}) | _options(request)
    if keys := (body.get("performUpsert") or {}).get("fieldsToMergeOn"):
        return call("table.batch_upsert", body["records"], keys, **options)
    return call("table.batch_update", body.get("records", []), **options)


def _delete_several(request: Request) -> str:
    records = [value for name, value in request.parameters if _LIST.fullmatch(name)]
    return call("table.batch_delete", records)


def _of_base(method: str) -> Callable[[Request], str]:
    return lambda request: f"{call('api.base', request.names['base_id'])}.{method}"


_CALLS: dict[str, Callable[[Request], str | None]] = {
    "list_records": _list,
    "list_records_long": _list,
    "get_record": lambda request: call("table.get", request.names["record_id"], **_options(request)),
    "create_records": _create,
    "update_record": _update,
    "replace_record": _update,
    "update_records": _update_several,
    "replace_records": _update_several,
    "delete_record": lambda request: call("table.delete", request.names["record_id"]),
    "delete_records": _delete_several,
    "who_am_i": lambda _: "api.whoami()",
    "list_bases": lambda _: "api.bases()",
    "list_tables": _of_base("schema()"),
}

SDK = Sdk("pyairtable", _write)
