"""Tencent Docs: smart sheets, as public client code uses them."""

from typing import Any

from mockcbs.contract.kit import Kit, checks, made_up
from mockcbs.contract.tencent_docs import TencentDocs


@checks(
    "tencent_docs.http.answered",
    "tencent_docs.http.json",
    "tencent_docs.http.ret",
    "tencent_docs.shape.success",
    "tencent_docs.shape.once",
    "tencent_docs.shape.sheets",
    "tencent_docs.auth.missing",
    "tencent_docs.sheets.listed",
    "tencent_docs.sheets.unknown",
)
def test_reads(kit: Kit) -> None:
    """Reads return the documented shape.

    The clauses about every response are checked on all other requests, too.
    """
    docs = TencentDocs.of(kit)
    answer = docs.call("GET", docs.file)
    ids = [sheet["sheetID"] for sheet in docs.good("sheets", answer)["sheets"]]
    held = kit.accounts["tencent_docs_sheet"] in ids
    kit.judge("tencent_docs.sheets.listed", answer, "the configured sheet is listed", str(ids), held=held)
    docs.refused("tencent_docs.auth.missing", docs.call("GET", docs.file, auth=False))
    docs.refused("tencent_docs.sheets.unknown", docs.use("burnRecords", {}))


def _cells(mark: str, time: int) -> dict[str, Any]:
    return {"workflow_id": [{"type": "text", "text": mark}], "duration_ms": time}


@checks(
    "tencent_docs.shape.records",
    "tencent_docs.shape.deleted",
    "tencent_docs.shape.written",
    "tencent_docs.records.added",
    "tencent_docs.records.order",
    "tencent_docs.records.updated",
    "tencent_docs.records.deleted",
    "tencent_docs.cells.text",
)
def test_records(kit: Kit) -> None:
    """Records can be added, read, changed and deleted."""
    kit.must_write()
    docs, mark = TencentDocs.of(kit), made_up()
    rows = [_cells(f"{mark}-{n}", n) for n in range(3)]
    answer = docs.use("addRecords", {"records": [{"values": row} for row in rows]})
    made = [one["recordID"] for one in docs.good("records", answer, "addRecords")["records"]]
    answer = docs.use("getRecords", {"recordIDs": made})
    found = [one["values"] for one in docs.good("records", answer, "getRecords")["records"]]
    kit.expect("tencent_docs.records.added", answer, found, rows, "values")
    kit.expect("tencent_docs.cells.text", answer, found[0], rows[0], "values of a text and a number")
    _check_pages(docs, made)
    change = {"recordID": made[0], "values": {"duration_ms": 99}}
    docs.good("records", docs.use("updateRecords", {"records": [change]}), "updateRecords")
    answer = docs.use("getRecords", {"recordIDs": made[:1]})
    (first,) = docs.good("records", answer, "getRecords")["records"]
    expected = {**rows[0], "duration_ms": 99}
    kit.expect("tencent_docs.records.updated", answer, first["values"], expected, "values")
    answer = docs.use("deleteRecords", {"recordIDs": made})
    gone = docs.good("deleted", answer, "deleteRecords")["recordIDs"]
    kit.expect("tencent_docs.records.deleted", answer, gone, made, "recordIDs")
    left = set(_all(docs)) & set(made)
    kit.expect("tencent_docs.records.deleted", kit.heard[-1][2], sorted(left), [], "records")


def _all(docs: TencentDocs) -> list[str]:
    found: list[str] = []
    for page in range(50):
        answer = docs.use("getRecords", {"offset": 100 * page, "limit": 100})
        data = docs.good("records", answer, "getRecords")
        found += [one["recordID"] for one in data["records"]]
        if not data.get("hasMore"):
            break
    return found


def _check_pages(docs: TencentDocs, made: list[str]) -> None:
    kit, found = docs.kit, _all(docs)
    answer = kit.heard[-1][2]
    kit.expect("tencent_docs.records.order", answer, [one for one in found if one in made], made, "order")
    answer = docs.use("getRecords", {"offset": 0, "limit": 1})
    page = docs.good("records", answer, "getRecords")
    shown = [len(page["records"]), page.get("hasMore")]
    kit.expect("tencent_docs.records.order", answer, shown, [1, len(found) > 1], "records, hasMore")


@checks("tencent_docs.cells.wrong")
def test_wrong_cells(kit: Kit) -> None:
    """A value of a wrong type and an unknown column are rejected."""
    kit.must_write()
    docs = TencentDocs.of(kit)
    for values in ({"duration_ms": "x"}, {"nobody": 1}):
        docs.refused("tencent_docs.cells.wrong", docs.use("addRecords", {"records": [{"values": values}]}))
