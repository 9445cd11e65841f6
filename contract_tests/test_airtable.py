"""Airtable: tokens, records, lists and cells."""

import re
from datetime import datetime
from typing import Any

from mockcbs.contract.airtable import Airtable
from mockcbs.contract.kit import Kit, checks, made_up
from mockcbs.contract.lacking import Lacking, need
from mockcbs.contract.table_http import COLUMNS, must_not_trust
from mockcbs.contract.targets import query

_NOBODY = "recNobodyHasThis0"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_TOLERANCE = 900_000
"""The accepted difference between the server's clock and ours, in ms."""
_ID = re.compile(r"rec[0-9A-Za-z]{14}")


@checks(
    "airtable.http.answered",
    "airtable.http.json",
    "airtable.http.success",
    "airtable.http.failure",
    "airtable.shape.success",
    "airtable.shape.once",
    "airtable.shape.records",
    "airtable.shape.bases",
    "airtable.shape.tables",
    "airtable.shape.user",
    "airtable.bases.listed",
    "airtable.auth.missing",
    "airtable.auth.unknown-path",
)
def test_reads(kit: Kit) -> None:
    """Reads return the documented shape with a valid token and fail without one.

    The clauses about every response are checked on all other requests, too.
    """
    airtable = Airtable.of(kit)
    for shape, path in (
        ("records", airtable.path),
        ("bases", "/v0/meta/bases"),
        ("tables", f"/v0/meta/bases/{airtable.base}/tables"),
        ("user", "/v0/meta/whoami"),
    ):
        found = airtable.good(shape, airtable.call("GET", path))
        if shape in {"bases", "tables"}:
            with kit.part("airtable.bases.listed"):
                _check_listed(airtable, shape, found)
        answer = airtable.call("GET", path, auth=False)
        airtable.refused("airtable.auth.missing", answer, 401, "AUTHENTICATION_REQUIRED")
    answer = airtable.call("GET", f"/v0/{airtable.base}/x/{_NOBODY}/no/such/path")
    airtable.refused("airtable.auth.unknown-path", answer, 404, "NOT_FOUND")


def _check_listed(airtable: Airtable, shape: str, found: Any) -> None:
    """The base and the table are listed, with the columns of the table."""
    kit, answer = airtable.kit, airtable.kit.heard[-1][2]
    if shape == "bases":
        ids = [one["id"] for one in found["bases"]]
        held = airtable.base in ids
        kit.judge("airtable.bases.listed", answer, airtable.base, str(ids), held=held)
        return
    wanted = kit.accounts["airtable_table"]
    table = next((one for one in found["tables"] if wanted in (one["id"], one["name"])), None)
    kit.judge("airtable.bases.listed", answer, wanted, str(table)[:80], held=table is not None)
    if table:
        columns = {one["name"]: one["type"] for one in table["fields"]}
        shown = {name: columns.get(name) == "number" for name, _ in COLUMNS}
        expected = {name: kind == "number" for name, kind in COLUMNS}
        kit.expect("airtable.bases.listed", answer, shown, expected, "columns: whether they contain numbers")


@checks("airtable.auth.bad-token", "airtable.auth.unknown")
def test_strangers(kit: Kit) -> None:
    """An invalid token and an unknown base are rejected."""
    airtable = Airtable.of(kit)
    must_not_trust(kit.heard[-1][2], refused=not airtable.trusting)
    headers = {"Authorization": "Bearer patNobodyHasThis0.0123456789abcdef"}
    answer = airtable.call("GET", airtable.path, headers=headers, auth=False)
    airtable.refused("airtable.auth.bad-token", answer, 401, "AUTHENTICATION_REQUIRED")
    answer = airtable.call("GET", "/v0/appNobodyHasThis0/Reports")
    held = answer.status in {403, 404}
    kit.judge("airtable.auth.unknown", answer, "HTTP 403 or 404", f"HTTP {answer.status}", held=held)


@checks(
    "airtable.shape.record",
    "airtable.shape.written",
    "airtable.shape.deleted",
    "airtable.records.created",
    "airtable.records.time",
    "airtable.records.ids",
    "airtable.records.patch",
    "airtable.records.deleted",
    "airtable.records.unknown",
    "airtable.cells.empty",
)
def test_one_record(kit: Kit) -> None:
    """A record can be created, read, changed and deleted."""
    kit.must_write()
    airtable = Airtable.of(kit)
    cells = {"workflow_id": made_up(), "duration_ms": 812}
    answer = airtable.call("POST", airtable.path, {"fields": cells})
    record = airtable.good("record", answer)
    kit.expect("airtable.records.created", answer, record["fields"], cells, "fields")
    with kit.part("airtable.records.time"):
        created = need(record["createdTime"])
        held = _TIME.fullmatch(created) is not None
        kit.judge("airtable.records.time", answer, "2025-12-22T01:02:03.000Z", created, held=held)
        at = datetime.fromisoformat(created).timestamp() * 1000
        is_now = abs(at - kit.present(answer)) < _TOLERANCE
        kit.judge("airtable.records.time", answer, "the current time", created, held=is_now)
    with kit.part("airtable.records.ids"):
        held = _ID.fullmatch(need(record["id"])) is not None
        kit.judge("airtable.records.ids", answer, "rec and 14 letters or digits", record["id"], held=held)
    record_id = need(airtable.id_of(record, cells["workflow_id"]))
    path = f"{airtable.path}/{record_id}"
    answer = airtable.call("GET", path)
    kit.expect("airtable.records.created", answer, airtable.good("record", answer)["fields"], cells, "fields")
    with kit.part("airtable.cells.empty"):
        kit.expect("airtable.cells.empty", answer, sorted(answer.json["fields"]), sorted(cells), "members")
    for method, change, expected in (
        ("PATCH", {"input_len": 7}, {**cells, "input_len": 7}),
        ("PUT", {"workflow_id": "w"}, {"workflow_id": "w"}),
    ):
        answer = airtable.call(method, path, {"fields": change})
        found = airtable.good("record", answer)["fields"]
        kit.expect("airtable.records.patch", answer, found, expected, f"fields after {method}")
    answer = airtable.call("DELETE", path)
    found = airtable.good("deleted", answer)
    kit.expect("airtable.records.deleted", answer, found, {"id": record_id, "deleted": True}, "answer")
    gone = airtable.call("GET", path)
    kit.expect("airtable.records.deleted", gone, gone.status, 404, "status")
    for status, unknown in (
        (404, airtable.call("PATCH", f"{airtable.path}/{_NOBODY}", {"fields": {}})),
        (404, airtable.call("DELETE", f"{airtable.path}/{_NOBODY}")),
        (422, airtable.call("PATCH", airtable.path, {"records": [{"id": _NOBODY, "fields": cells}]})),
    ):
        kit.expect("airtable.records.unknown", unknown, unknown.status, status, "status")


@checks(
    "airtable.records.many", "airtable.shape.upserted", "airtable.records.upsert", "airtable.shape.records"
)
def test_many_records(kit: Kit) -> None:
    """One request creates up to ten records; an upsert changes or creates records."""
    airtable, mark = Airtable.of(kit), made_up()
    with airtable.rows(*({"workflow_id": f"{mark}-{n}", "input_len": n} for n in range(10))) as made:
        kit.expect("airtable.records.many", kit.heard[-1][2], len(made), 10, "created records")
        eleven = {"records": [{"fields": {"workflow_id": mark}}] * 11}
        answer = airtable.call("POST", airtable.path, eleven)
        kit.expect("airtable.records.many", answer, answer.status, 422, "status of a request with 11 records")
        change = {"records": [{"id": one["id"], "fields": {"input_len": 99}} for one in made[:2]]}
        answer = airtable.call("PATCH", airtable.path, change)
        found = [one["fields"]["input_len"] for one in airtable.good("records", answer)["records"]]
        kit.expect("airtable.records.many", answer, found, [99, 99], "changed cells")
        merge = {
            "performUpsert": {"fieldsToMergeOn": ["workflow_id"]},
            "records": [{"fields": {"workflow_id": f"{mark}-{n}", "input_len": 1}} for n in (3, 77)],
        }
        answer = airtable.call("PATCH", airtable.path, merge)
        merged = airtable.good("upserted", answer)
        counts = [len(merged[name]) for name in ("records", "createdRecords", "updatedRecords")]
        kit.expect("airtable.records.upsert", answer, counts, [2, 1, 1], "records, created, updated")
        kit.expect("airtable.records.upsert", answer, merged["updatedRecords"], [made[3]["id"]], "updated")
        answer = airtable.remove(iter(merged["createdRecords"]))
        gone = airtable.succeeded(answer, lambda found: "records" in found)["records"]
        expected = [{"id": one, "deleted": True} for one in merged["createdRecords"]]
        kit.expect("airtable.records.many", answer, gone, expected, "deleted records")


@checks("airtable.cells.type", "airtable.cells.typecast", "airtable.cells.unknown", "airtable.body.no-json")
def test_wrong_cells(kit: Kit) -> None:
    """Values of a wrong type, unknown columns and malformed bodies are rejected."""
    kit.must_write()
    airtable = Airtable.of(kit)
    wrong = {"fields": {"workflow_id": made_up(), "duration_ms": "812"}}
    answer = airtable.call("POST", airtable.path, {**wrong, "typecast": False})
    airtable.refused("airtable.cells.type", answer, 422, "INVALID_VALUE_FOR_COLUMN")
    answer = airtable.call("POST", airtable.path, {**wrong, "typecast": True})
    record = airtable.good("record", answer)
    with kit.part("airtable.cells.typecast"):
        kit.expect("airtable.cells.typecast", answer, record["fields"].get("duration_ms"), 812, "duration_ms")
    record_id = airtable.id_of(record, wrong["fields"]["workflow_id"])
    if not isinstance(record_id, Lacking):
        airtable.call("DELETE", f"{airtable.path}/{record_id}")
    answer = airtable.call("POST", airtable.path, {"fields": {"nobody": "x"}})
    airtable.refused("airtable.cells.unknown", answer, 422, "UNKNOWN_FIELD_NAME")
    answer = kit.call("airtable", "POST", airtable.path, body=b"{")
    kit.expect("airtable.body.no-json", answer, answer.status, 400, "status")
    answer = airtable.call("POST", airtable.path, {})
    kit.expect("airtable.body.no-json", answer, answer.status, 422, "status of a body without fields")


_FORMULAS = (
    ("{{duration_ms}}>10000", [10001]),
    ("{{duration_ms}}>=10000", [10000, 10001]),
    ("{{duration_ms}}=5", [5]),
    ("{{duration_ms}}!=5", [10000, 10001]),
    ("OR({{duration_ms}}=5,{{duration_ms}}>10000)", [5, 10001]),
    ("NOT({{duration_ms}}<10000)", [10000, 10001]),
    ("RIGHT({{workflow_id}},2)='-1'", [10000]),
    ("LEN({{exec_time}})=3", [10001]),
)


@checks(
    "airtable.list.pages",
    "airtable.list.page-size",
    "airtable.list.max",
    "airtable.list.sort",
    "airtable.list.fields",
    "airtable.list.formula",
    "airtable.list.bad-formula",
    "airtable.list.post",
)
def test_lists(kit: Kit) -> None:
    """Records are listed in pages, filtered and sorted."""
    airtable, mark = Airtable.of(kit), made_up()
    times = (5, 10000, 10001)
    rows = [
        {"workflow_id": f"{mark}-{n}", "duration_ms": time, "exec_time": "x" * (n + 1)}
        for n, time in enumerate(times)
    ]
    ours = f"LEFT({{workflow_id}},{len(mark)})='{mark}'"
    with airtable.rows(*rows) as made:
        for formula, expected in _FORMULAS:
            text = f"AND({ours},{formula.format()})"
            with kit.part("airtable.list.formula"):
                answer = airtable.call("GET", airtable.path, query=query(filterByFormula=text))
                found = _times(airtable, answer)
                kit.expect("airtable.list.formula", answer, found, expected, formula.format())
            with kit.part("airtable.list.post"):
                body = {"filterByFormula": text}
                again = airtable.call("POST", f"{airtable.path}/listRecords", body)
                kit.expect("airtable.list.post", again, _times(airtable, again), expected, "rows")
        for bad in ("{nobody}=1", "AND("):
            answer = airtable.call("GET", airtable.path, query=query(filterByFormula=bad))
            kit.expect("airtable.list.bad-formula", answer, answer.status, 422, "status")
        with kit.part("airtable.list.sort"):
            _check_order(airtable, ours, times)
        with kit.part("airtable.list.fields"):
            text = query(filterByFormula=ours, **{"fields[]": "duration_ms"})
            answer = airtable.call("GET", airtable.path, query=text)
            members = {name for one in airtable.good("records", answer)["records"] for name in one["fields"]}
            kit.expect("airtable.list.fields", answer, sorted(members), ["duration_ms"], "members of fields")
        _check_pages(airtable, ours, [one["id"] for one in made])


def _check_order(airtable: Airtable, ours: str, times: tuple[int, ...]) -> None:
    for direction, expected in (("asc", times), ("desc", times[::-1])):
        more = {"sort[0][field]": "duration_ms", "sort[0][direction]": direction}
        answer = airtable.call("GET", airtable.path, query=query(filterByFormula=ours, **more))
        found = [one["fields"].get("duration_ms") for one in airtable.good("records", answer)["records"]]
        airtable.kit.expect("airtable.list.sort", answer, found, list(expected), f"duration_ms {direction}")


def _times(airtable: Airtable, answer: object) -> list[int]:
    records = airtable.good("records", answer)["records"]  # type: ignore[arg-type]
    return sorted(one["fields"].get("duration_ms", 0) for one in records)


def _check_pages(airtable: Airtable, ours: str, ids: list[str]) -> None:
    kit = airtable.kit
    with kit.part("airtable.list.pages"):
        _check_offsets(airtable, ours, ids)
    with kit.part("airtable.list.max"):
        answer = airtable.call("GET", airtable.path, query=query(filterByFormula=ours, maxRecords=2))
        few = airtable.good("records", answer)
        kit.expect(
            "airtable.list.max", answer, [len(few["records"]), few.get("offset")], [2, None], "records"
        )
    answer = airtable.call("GET", airtable.path, query="pageSize=101")
    kit.expect("airtable.list.page-size", answer, answer.status, 422, "status with pageSize=101")


def _check_offsets(airtable: Airtable, ours: str, ids: list[str]) -> None:
    kit, found, offset = airtable.kit, [], None
    for _ in range(len(ids) + 1):
        text = query(filterByFormula=ours, pageSize=1, offset=offset)
        answer = airtable.call("GET", airtable.path, query=text)
        page = airtable.good("records", answer)
        found += [need(one["id"]) for one in page["records"]]
        if not (offset := page.get("offset")):
            break
    kit.expect("airtable.list.pages", answer, [sorted(found), offset], [sorted(ids), None], "ids, offset")
