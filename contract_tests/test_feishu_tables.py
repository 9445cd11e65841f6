"""Feishu: tables, fields, views and records, in tables that the kit creates and deletes."""

import json
import uuid

from mockcbs.contract.feishu import Feishu
from mockcbs.contract.kit import Kit, checks
from mockcbs.contract.lacking import need
from mockcbs.contract.targets import Answer, query

_NOBODY = "recNobodyHas"
_TEXT, _NUMBER = 1, 2


@checks(
    "feishu.shape.table",
    "feishu.shape.tables",
    "feishu.shape.fields",
    "feishu.shape.field",
    "feishu.tables.listed",
    "feishu.fields.made",
    "feishu.fields.duplicate",
)
def test_tables(kit: Kit) -> None:
    """A table and its fields can be created, listed and deleted."""
    feishu = Feishu.of(kit)
    with feishu.table(name=_TEXT, size=_NUMBER) as table:
        with kit.part("feishu.tables.listed"):
            kit.expect("feishu.tables.listed", *_is_listed(feishu, table.path), True, "is listed")
        feishu.good("field", feishu.call("POST", f"{table.path}/fields", {"field_name": "more", "type": 1}))
        answer = feishu.call("GET", f"{table.path}/fields", query="page_size=100")
        listed = feishu.good("fields", answer)["items"]
        found = [[one["field_name"], one["type"], one["is_primary"]] for one in listed]
        expected = [["name", 1, True], ["size", 2, False], ["more", 1, False]]
        kit.expect("feishu.fields.made", answer, found, expected, "name, type, is_primary")
        with kit.part("feishu.fields.made"):
            ids = [one["field_id"] for one in listed[:2]]
            kit.expect("feishu.fields.made", answer, ids, need(table.field_ids), "ids of the given fields")
        with kit.part("feishu.tables.listed"):
            answer = feishu.call("GET", f"{table.path}/views")
            views = [one["view_id"] for one in feishu.good("views", answer)["items"]]
            kit.expect("feishu.tables.listed", answer, views, [table.view_id], "views, by default_view_id")
        answer = feishu.call("POST", f"{table.path}/fields", {"field_name": "size", "type": 2})
        feishu.refused("feishu.fields.duplicate", answer, 1254014)
    kit.expect("feishu.tables.listed", *_is_listed(feishu, table.path), False, "is listed")


def _is_listed(feishu: Feishu, path: str) -> tuple[Answer, bool]:
    answer = feishu.call("GET", f"{feishu.base}/tables", query="page_size=100")
    listed = feishu.good("tables", answer)["items"]
    return answer, path.rpartition("/")[2] in [one["table_id"] for one in listed]


@checks("feishu.shape.view", "feishu.shape.views", "feishu.views.answer", "feishu.views.filter")
def test_views(kit: Kit) -> None:
    """A view can be created, filters records, and can be deleted."""
    feishu = Feishu.of(kit)
    with feishu.table(name=_TEXT, size=_NUMBER) as table:
        views = f"{table.path}/views"
        body = {"view_name": "big", "view_type": "grid"}
        view = feishu.good("view", feishu.call("POST", views, body))["view"]["view_id"]
        answer = feishu.call("PATCH", f"{views}/{view}", {"view_name": "bigger"})
        name = feishu.good("view", answer)["view"]["view_name"]
        kit.expect("feishu.views.answer", answer, name, "bigger", "view_name")
        answer = feishu.call("GET", views)
        ids = [one["view_id"] for one in feishu.good("views", answer)["items"]]
        kit.expect("feishu.views.answer", answer, view in ids, True, "is listed")
        feishu.add(table, [{"name": f"n{size}", "size": size} for size in (5, 10, 15)])
        fields = feishu.good("fields", feishu.call("GET", f"{table.path}/fields"))["items"]
        size = {one["field_name"]: one["field_id"] for one in fields}["size"]
        chosen = {"field_id": size, "operator": "isGreater", "value": '["10"]'}
        condition = {"conjunction": "and", "conditions": [chosen]}
        answer = feishu.call("PATCH", f"{views}/{view}", {"property": {"filter_info": condition}})
        feishu.good("view", answer)
        answer = feishu.call("GET", table.records, query=query(view_id=view))
        found = [one["fields"]["size"] for one in feishu.good("record-page", answer)["items"]]
        kit.expect("feishu.views.filter", answer, found, [15], "sizes over 10")
        feishu.done(feishu.call("DELETE", f"{views}/{view}"))
        answer = feishu.call("GET", views)
        ids = [one["view_id"] for one in feishu.good("views", answer)["items"]]
        kit.expect("feishu.views.answer", answer, view in ids, False, "is listed")


@checks(
    "feishu.shape.record",
    "feishu.records.created",
    "feishu.records.client-token",
    "feishu.records.updated",
    "feishu.shape.deleted",
    "feishu.records.deleted",
)
def test_one_record(kit: Kit) -> None:
    """A record can be created, read, changed and deleted; a repeated client_token creates no other."""
    feishu = Feishu.of(kit)
    with feishu.table(name=_TEXT, size=_NUMBER) as table:
        cells, token = {"name": "早", "size": 12}, query(client_token=str(uuid.uuid4()))
        answer = feishu.call("POST", table.records, {"fields": cells}, token)
        record = feishu.good("record", answer)["record"]
        kit.expect("feishu.records.created", answer, record["fields"], cells, "fields")
        again = feishu.call("POST", table.records, {"fields": cells}, token)
        same = feishu.good("record", again)["record"]["record_id"]
        kit.expect("feishu.records.client-token", again, same, record["record_id"], "record_id")
        listed = feishu.call("GET", table.records)
        total = feishu.good("record-page", listed)["total"]
        kit.expect("feishu.records.client-token", listed, total, 1, "total")
        path = f"{table.records}/{record['record_id']}"
        answer = feishu.call("GET", path)
        found = feishu.good("record", answer)["record"]
        kit.expect("feishu.records.created", answer, found["fields"], cells, "fields read")
        for change, expected in (
            ({"size": 13}, {"name": "早", "size": 13}),
            ({"size": None}, {"name": "早"}),
        ):
            feishu.good("record", feishu.call("PUT", path, {"fields": change}))
            answer = feishu.call("GET", path)
            found = feishu.good("record", answer)["record"]["fields"]
            kit.expect("feishu.records.updated", answer, found, expected, "fields")
        answer = feishu.call("DELETE", path)
        found = feishu.good("deleted", answer)
        expected = {"deleted": True, "record_id": record["record_id"]}
        kit.expect("feishu.records.deleted", answer, found, expected, "data")
        feishu.refused("feishu.records.deleted", feishu.call("GET", path), 1254043)


@checks(
    "feishu.shape.records",
    "feishu.shape.record-page",
    "feishu.records.batch",
    "feishu.records.batch-limit",
    "feishu.records.batch-get",
    "feishu.records.deleted",
    "feishu.records.pages",
    "feishu.records.page-size",
)
def test_many_records(kit: Kit) -> None:
    """Records can be created in batches and read in pages."""
    feishu = Feishu.of(kit)
    with feishu.table(name=_TEXT, size=_NUMBER) as table:
        many = feishu.add(table, [{"name": f"n{size}", "size": size} for size in range(25)])
        ids = [record["record_id"] for record in many]
        clause, bad = "feishu.records.batch", [{"fields": {"size": 1}}, {"fields": {"size": "x"}}]
        answer = feishu.call("POST", f"{table.records}/batch_create", {"records": bad})
        kit.expect(clause, answer, answer.json.get("code") != 0, True, "is refused")
        listed = feishu.call("GET", table.records)
        page = feishu.good("record-page", listed)
        kit.expect(clause, listed, page["total"], 25, "total")
        found = [len(page["items"]), page["has_more"]]
        kit.expect("feishu.records.page-size", listed, found, [20, True], "records of a page, has_more")
        refused = feishu.call("GET", table.records, query="page_size=501")
        kit.expect(
            "feishu.records.page-size",
            refused,
            refused.json.get("code") != 0,
            True,
            "page_size=501 is refused",
        )
        _check_pages(feishu, table.records, ids)
        too_many = {"records": [{"fields": {"size": 1}}] * 1001}
        answer = feishu.call("POST", f"{table.records}/batch_create", too_many)
        feishu.refused("feishu.records.batch-limit", answer, 1254104)
        answer = feishu.call("POST", f"{table.records}/batch_get", {"record_ids": [ids[0], _NOBODY]})
        got = feishu.good("records", answer)
        found = [[one["record_id"] for one in got["records"]], got["absent_record_ids"]]
        kit.expect("feishu.records.batch-get", answer, found, [[ids[0]], [_NOBODY]], "records, absent ids")
        answer = feishu.call("POST", f"{table.records}/batch_delete", {"records": ids[:2]})
        gone = [[one["deleted"], one["record_id"]] for one in feishu.done(answer)["records"]]
        kit.expect("feishu.records.deleted", answer, gone, [[True, one] for one in ids[:2]], "records")


def _check_pages(feishu: Feishu, path: str, ids: list[str]) -> None:
    found: list[str] = []
    token: str | None = None
    for _ in range(5):
        answer = feishu.call("GET", path, query=query(page_size=10, page_token=token))
        page = feishu.good("record-page", answer)
        found += [record["record_id"] for record in page["items"]]
        if not page["has_more"]:
            break
        token = page["page_token"]
    feishu.kit.expect("feishu.records.pages", answer, sorted(found), sorted(ids), "records of all pages")


@checks("feishu.records.no-json", "feishu.records.field-names")
def test_wrong_bodies(kit: Kit) -> None:
    """A body without JSON, without fields or with unknown columns is rejected."""
    feishu = Feishu.of(kit)
    with feishu.table(name=_TEXT, size=_NUMBER) as table:
        answer = kit.call("feishu", "POST", table.records, body=b"{")
        feishu.refused("feishu.records.no-json", answer, 1254000)
        feishu.refused("feishu.records.no-json", feishu.call("POST", table.records, {}), 1254001)
        condition = {"field_name": "nobody", "operator": "is", "value": ["x"]}
        search = f"{table.records}/search"
        for answer in (
            feishu.call("POST", table.records, {"fields": {"nobody": "x"}}),
            feishu.call("POST", search, {"filter": {"conjunction": "and", "conditions": [condition]}}),
            feishu.call("POST", search, {"sort": [{"field_name": "nobody"}]}),
            feishu.call("GET", table.records, query=query(field_names=json.dumps(["nobody"]))),
        ):
            feishu.refused("feishu.records.field-names", answer, 1254045)
