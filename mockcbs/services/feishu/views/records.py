"""Records (contract 4.3.2)."""

import json
from typing import Any

from mockcbs.services.feishu import bases, errors, filters, records, schemas
from mockcbs.services.feishu.envelope import ok
from mockcbs.services.feishu.views.base import TABLE, blp
from mockcbs.web import context
from mockcbs.web.atomic import atomic, reads
from mockcbs.web.cache import caching

_RECORDS = f"{TABLE}/records"


@blp.post(_RECORDS)
@blp.arguments(schemas.WriteQuery, location="query")
@blp.arguments(schemas.RecordBody, location="json")
@blp.answers("RecordAnswer")
@caching.by_body
@atomic
def create_record(
    query: dict[str, Any], body: dict[str, Any], app_token: str, table_id: str
) -> dict[str, Any]:
    """新增记录: create one record."""
    table = bases.table(app_token, table_id)
    (made,) = records.create(table, [body["values"]], query["client_token"], "create")
    return ok(record=records.shown(bases.table(app_token, table_id), made))


@blp.post(f"{_RECORDS}/batch_create")
@blp.arguments(schemas.WriteQuery, location="query")
@blp.arguments(schemas.CreateBatch, location="json")
@blp.answers("RecordsAnswer")
@caching.by_body
@atomic
def create_records(
    query: dict[str, Any], body: dict[str, Any], app_token: str, table_id: str
) -> dict[str, Any]:
    """新增多条记录: create up to 1,000 records, all or none."""
    table = bases.table(app_token, table_id)
    contents = [one["values"] for one in body["records"]]
    made = records.create(table, contents, query["client_token"], "batch_create")
    table = bases.table(app_token, table_id)
    return ok(records=[records.shown(table, row) for row in made])


@blp.post(f"{_RECORDS}/search")
@blp.arguments(schemas.SearchQuery, location="query")
@blp.arguments(schemas.SearchBody, location="json")
@blp.answers("RecordPage")
@reads
@caching.by_body
def search_records(
    query: dict[str, Any], body: dict[str, Any], app_token: str, table_id: str
) -> dict[str, Any]:
    """查询记录: the records that match a filter; texts are segments."""
    table = bases.table(app_token, table_id)
    names = body.get("field_names") or None
    records.check_names(table, names or ())
    predicate, keys = records.of_view(table, body.get("view_id"))
    if (stated := body.get("filter")) or body.get("sort"):
        predicate, keys = None, filters.sort_keys(table, body.get("sort"))
    if stated:
        predicate = filters.search(table, stated, context.now())
    found, token, total = records.pick(table, predicate, keys, query.get("page_token"), query["page_size"])
    automatic = bool(body["automatic_fields"])
    items = [records.shown(table, row, segments=True, names=names, automatic=automatic) for row in found]
    return ok(items=items, has_more=token is not None, page_token=token or "", total=total)


@blp.get(_RECORDS)
@blp.arguments(schemas.ListQuery, location="query")
@blp.answers("RecordPage")
def list_records(query: dict[str, Any], app_token: str, table_id: str) -> dict[str, Any]:
    """列出记录: the records that match a formula; texts are strings unless text_field_as_array is true."""
    table = bases.table(app_token, table_id)
    names = _names(query.get("field_names"))
    records.check_names(table, names or ())
    predicate, keys = records.of_view(table, query.get("view_id"))
    if "filter" in query or "sort" in query:
        predicate, keys = None, filters.list_sort_keys(table, query.get("sort", "[]"))
    if "filter" in query:
        predicate = filters.formula(table, query["filter"], context.now())
    found, token, total = records.pick(table, predicate, keys, query.get("page_token"), query["page_size"])
    items = [records.shown(table, row, names=names, **_how(query)) for row in found]
    return ok(items=items, has_more=token is not None, page_token=token or "", total=total)


@blp.get(f"{_RECORDS}/<record_id>")
@blp.arguments(schemas.ReadQuery, location="query")
@blp.answers("RecordAnswer")
def get_record(query: dict[str, Any], app_token: str, table_id: str, record_id: str) -> dict[str, Any]:
    """检索记录: one record."""
    table = bases.table(app_token, table_id)
    return ok(record=records.shown(table, records.find(table, record_id), **_how(query)))


@blp.post(f"{_RECORDS}/batch_get")
@blp.arguments(schemas.GetBatch, location="json")
@blp.answers("FoundRecords")
def get_records(body: dict[str, Any], app_token: str, table_id: str) -> dict[str, Any]:
    """批量获取记录: up to 100 records by their ids."""
    table, tables = bases.table(app_token, table_id), bases.store()
    found = {record_id: tables.row(table, record_id) for record_id in body["record_ids"]}
    automatic, url = bool(body["automatic_fields"]), bool(body["with_shared_url"])
    return ok(
        records=[records.shown(table, row, automatic=automatic, url=url) for row in found.values() if row],
        forbidden_record_ids=[],
        absent_record_ids=[record_id for record_id, row in found.items() if row is None],
    )


@blp.put(f"{_RECORDS}/<record_id>")
@blp.arguments(schemas.WriteQuery, location="query")
@blp.arguments(schemas.RecordBody, location="json")
@blp.answers("RecordAnswer")
def update_record(
    query: dict[str, Any], body: dict[str, Any], app_token: str, table_id: str, record_id: str
) -> dict[str, Any]:
    """更新记录: change the given values of a record; null empties a cell."""
    del query
    table = bases.table(app_token, table_id)
    (changed,) = records.update(table, [(record_id, body["values"])])
    return ok(record=records.shown(bases.table(app_token, table_id), changed))


@blp.post(f"{_RECORDS}/batch_update")
@blp.arguments(schemas.WriteQuery, location="query")
@blp.arguments(schemas.UpdateBatch, location="json")
@blp.answers("RecordsAnswer")
def update_records(
    query: dict[str, Any], body: dict[str, Any], app_token: str, table_id: str
) -> dict[str, Any]:
    """更新多条记录: change up to 1,000 records, all or none."""
    del query
    table = bases.table(app_token, table_id)
    changed = records.update(table, [(one["record_id"], one["values"]) for one in body["records"]])
    table = bases.table(app_token, table_id)
    return ok(records=[records.shown(table, row) for row in changed])


@blp.delete(f"{_RECORDS}/<record_id>")
@blp.answers("DeletedAnswer")
def delete_record(app_token: str, table_id: str, record_id: str) -> dict[str, Any]:
    """删除记录: delete one record."""
    records.delete(bases.table(app_token, table_id), [record_id])
    return ok(deleted=True, record_id=record_id)


@blp.post(f"{_RECORDS}/batch_delete")
@blp.arguments(schemas.DeleteBatch, location="json")
@blp.answers("DeletedRecords")
def delete_records(body: dict[str, Any], app_token: str, table_id: str) -> dict[str, Any]:
    """删除多条记录: delete up to 500 records, all or none."""
    records.delete(bases.table(app_token, table_id), body["records"])
    return ok(records=[{"deleted": True, "record_id": record_id} for record_id in body["records"]])


def _how(query: dict[str, Any]) -> dict[str, Any]:
    return {
        "segments": bool(query["text_field_as_array"]),
        "automatic": bool(query["automatic_fields"]),
        "url": bool(query["with_shared_url"]),
    }


def _names(text: str | None) -> list[str] | None:
    """The names in a JSON list in a string."""
    if text is None:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise errors.refused(1254001, f'field_names {text!r} is not a JSON list such as ["workflow_id"]')
    return found or None
