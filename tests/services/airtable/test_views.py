"""What clients see that write their own HTTP: bodies of errors, ids that fail, scopes, reset, strict."""

import pytest

from mockcbs.services.airtable import errors
from tests.services.airtable.conftest import BASE, caller

TABLE = f"/v0/{BASE}/Reports"


@pytest.mark.parametrize("row", [row for row in errors.CATALOGUE if row.provoke], ids=lambda row: row.code)
def test_base_provokes_an_error(client, row):
    """A base of zeros and a status always fails with it."""
    base = row.provoke.removeprefix("base ")

    response = client.get(f"/v0/{base}/Reports")

    assert (response.status_code, response.json) == (row.status, row.body(row.message, ""))
    assert base in response.headers["X-Mockcbs-Reason"]
    assert client.get(f"/v0/meta/bases/{base}/tables").status_code == row.status


@pytest.mark.parametrize(
    ("status", "body", "path", "method", "options"),
    [
        (400, "INVALID_REQUEST_BODY", TABLE, "POST", {"data": "{"}),
        (400, "INVALID_REQUEST_BODY", TABLE, "POST", {"data": "[]"}),
        (422, "INVALID_REQUEST_MISSING_FIELDS", TABLE, "POST", {"json": {}}),
        (422, "INVALID_REQUEST_UNKNOWN", TABLE, "POST", {"json": {"records": [{"fields": {}}] * 11}}),
        (422, "INVALID_REQUEST_UNKNOWN", TABLE, "POST", {"json": {"fields": []}}),
        (422, "INVALID_REQUEST_UNKNOWN", TABLE, "PATCH", {"json": {"records": [{"fields": {}}]}}),
        (422, "INVALID_REQUEST_UNKNOWN", f"{TABLE}?pageSize=x", "GET", {}),
        (422, "INVALID_REQUEST_UNKNOWN", f"{TABLE}?sort[0][direction]=asc", "GET", {}),
        (422, "INVALID_REQUEST_UNKNOWN", f"{TABLE}?sort[0][field]=a&sort[0][direction]=up", "GET", {}),
        (422, "INVALID_REQUEST_UNKNOWN", TABLE, "DELETE", {}),
        (404, "NOT_FOUND", "/v0/appX/Reports", "GET", {}),
        (404, "NOT_FOUND", f"{TABLE}/recX", "GET", {}),
        (404, "NOT_FOUND", f"{TABLE}/a/b/c", "GET", {}),
        (404, "NOT_FOUND", TABLE, "OPTIONS", {}),
    ],
)
def test_errors(client, status, body, path, method, options):
    """Each mistake has Airtable's status and envelope, and a reason beside it."""
    response = client.open(path, method=method, **options)

    error = response.json["error"]
    assert response.status_code == status
    assert (error if isinstance(error, str) else error["type"]) == body
    assert response.headers["X-Mockcbs-Reason"]
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("header", [None, "", "Basic x", "Bearer", "Bearer patexpired.mockcbs"])
def test_token_is_needed(client, header):
    """Without a token, or with one that has expired, nothing is answered."""
    client.environ_base.pop("HTTP_AUTHORIZATION")

    response = client.get(TABLE, headers={} if header is None else {"Authorization": header})

    wanted = {"error": {"type": "AUTHENTICATION_REQUIRED", "message": "Authentication required"}}
    assert (response.status_code, response.json) == (401, wanted)


def test_a_batch_is_whole(client):
    """One wrong record, and none of the batch is written; one wrong id, and none is deleted."""
    made = client.post(TABLE, json={"fields": {"workflow_id": "w"}}).json

    written = client.post(
        TABLE, json={"records": [{"fields": {"input_len": 1}}, {"fields": {"input_len": "1"}}]}
    )
    deleted = client.delete(TABLE, query_string={"records[]": [made["id"], "rec0123456789ABCD"]})

    assert written.status_code == deleted.status_code == 422
    assert client.get(TABLE).json == {"records": [made]}


def test_unknown_names_are_ignored_and_noted(client):
    """A misspelt parameter changes nothing; the reason tells which one was meant."""
    response = client.get(TABLE, query_string={"pagesize": 1})

    assert response.json == {"records": []}
    assert "pageSize" in response.headers["X-Mockcbs-Reason"]


def test_reset(client):
    """After a reset the tables are as at the start, and the same calls give the same ids."""
    first = client.post(TABLE, json={"fields": {"workflow_id": "w"}}).json

    client.application.extensions["mockcbs"].reset()

    assert client.get(TABLE).json == {"records": []}
    assert client.post(TABLE, json={"fields": {"workflow_id": "w"}}).json == first


@pytest.fixture
def stated(tmp_path):
    """A dataset that states one table, with a view."""
    file = tmp_path / "tables.yaml"
    file.write_text(
        f"""
bots: []
airtable:
  tables:
  - base: {BASE}
    table: tbl0123456789ABCD
    name: Runs
    fields:
    - {{name: id}}
    - {{name: ms, type: number}}
    - {{name: kind, type: singleSelect, options: {{choices: [b, a]}}}}
    views:
    - {{name: Grid view}}
    - {{name: Slow, options: {{filterByFormula: "{{ms}}>10", sort: [{{field: ms, direction: desc}}]}}}}
    rows:
    - {{id: w1, ms: 10, kind: a}}
    - {{id: w2, ms: 11, kind: b}}
    - {{id: w3, ms: 12}}
""",
        "utf-8",
    )
    return str(file)


def test_dataset(stated):
    """A dataset states tables, fields, views and rows; views filter and sort; options sort in their order."""
    client = caller(dataset=stated)

    def ids(**query):
        return [
            row["fields"]["id"] for row in client.get(f"/v0/{BASE}/Runs", query_string=query).json["records"]
        ]

    assert ids() == ["w1", "w2", "w3"]
    assert ids(view="Slow") == ["w3", "w2"]
    assert ids(view="Slow", filterByFormula="{ms}=11") == ["w2"]
    assert ids(**{"sort[0][field]": "kind"}) == ["w3", "w2", "w1"]
    assert client.get(f"/v0/{BASE}/tbl0123456789ABCD").json == client.get(f"/v0/{BASE}/Runs").json


def test_strict(stated):
    """With --strict only the configured token, and the bases and tables of the dataset, are known."""
    client = caller(dataset=stated, strict=True)

    assert client.get(f"/v0/{BASE}/Runs").status_code == 200
    assert client.get(f"/v0/{BASE}/Others").status_code == 403
    assert client.get("/v0/app0000000000000A/Runs").json["error"]["type"] == errors.FORBIDDEN.code
    assert [base["id"] for base in client.get("/v0/meta/bases").json["bases"]] == [BASE]
    assert client.get("/v0/meta/whoami", headers={"Authorization": "Bearer patother.x"}).status_code == 401


def test_five_calls_a_second(stated):
    """With --strict the sixth call within a second is refused, and the next thirty seconds too."""
    client = caller(dataset=stated, strict=True)
    clock = client.application.extensions["mockcbs"].clock

    first = [client.get(f"/v0/{BASE}/Runs").status_code for _ in range(5)]
    sixth = client.get(f"/v0/{BASE}/Runs")
    clock.advance(29_000)
    later = client.get(f"/v0/{BASE}/Runs")
    clock.advance(1_500)
    again = client.get(f"/v0/{BASE}/Runs")

    assert first == [200] * 5
    assert sixth.status_code == later.status_code == 429
    assert sixth.json["errors"][0]["error"] == "RATE_LIMIT_REACHED"
    assert sixth.headers["Retry-After"] == "30"
    assert again.status_code == 200
