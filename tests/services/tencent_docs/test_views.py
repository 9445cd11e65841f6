"""Smart sheets of Tencent Docs and WeCom, as plain HTTP clients use them."""

from urllib.parse import parse_qs, urlsplit

import pytest

from mockcbs import Settings, create_app
from mockcbs.services.tencent_docs import errors

FILE, SHEET = "DReports0001", "BB08J2"
SHEETS = f"/openapi/smartbook/v2/files/{FILE}/sheets"
CLIENT = {"client_id": "mockcbs-docs", "client_secret": "mockcbs-docs-secret"}
HEADERS = {"Access-Token": "any", "Client-Id": "mine", "Open-Id": "me"}
REPORT = {
    "workflow_id": [{"type": "text", "text": "w1"}],
    "exec_time": [{"type": "text", "text": "2025-12-22T09:00:00+08:00"}],
    "input_len": 12,
    "duration_ms": 812,
}
NOW = "2025-12-22T01:00:00Z"


def caller(**settings):
    client = create_app(Settings(**{"now": NOW, **settings})).test_client()
    for name, value in HEADERS.items():
        client.environ_base[f"HTTP_{name.upper().replace('-', '_')}"] = value
    return client


@pytest.fixture
def client():
    return caller()


def use(client, headers=None, sheet=SHEET, **operation):
    return client.post(f"{SHEETS}/{sheet}", json=operation, headers=headers or {})


def test_records(client):
    """Records are added, got by number and by id, changed and deleted."""
    added = use(client, addRecords={"records": [{"values": REPORT}, {"values": {"input_len": 1}}]}).json
    first, second = added["data"]["addRecords"]["records"]
    changed = use(
        client,
        updateRecords={
            "records": [{"recordID": first["recordID"], "values": {"input_len": 13, "exec_time": None}}]
        },
    )
    page = use(client, getRecords={"limit": 1}).json["data"]["getRecords"]
    rest = use(client, getRecords={"offset": 1, "limit": 1}).json["data"]["getRecords"]
    one = use(client, getRecords={"recordIDs": [second["recordID"]]}).json["data"]["getRecords"]
    gone = use(client, deleteRecords={"recordIDs": [first["recordID"]]}).json

    assert (added["ret"], added["msg"], first["values"]) == (0, "Succeed", REPORT)
    wanted = {"workflow_id": REPORT["workflow_id"], "input_len": 13, "duration_ms": 812}
    assert changed.json["data"]["updateRecords"]["records"][0]["values"] == wanted
    assert (page["records"][0]["values"], page["hasMore"]) == (wanted, True)
    assert (rest["records"], rest["hasMore"]) == ([second], False)
    assert one["records"] == [second]
    assert gone["data"] == {"deleteRecords": {"recordIDs": [first["recordID"]]}}
    assert use(client, getRecords={}).json["data"]["getRecords"]["records"] == [second]
    assert client.get(SHEETS).json["data"] == {"sheets": [{"sheetID": SHEET, "title": "Sheet1"}]}


@pytest.mark.parametrize(
    "values",
    [
        {"nope": 1},
        {"workflow_id": "w1"},
        {"workflow_id": [{"type": "text"}]},
        {"input_len": "12"},
        {"input_len": True},
        {"input_len": [{"type": "text", "text": "12"}]},
    ],
)
def test_wrong_values(client, values):
    """An unknown field or a wrong type is refused, and nothing of the batch is written."""
    response = use(client, addRecords={"records": [{"values": {"input_len": 1}}, {"values": values}]})

    assert (response.status_code, response.json["ret"]) == (200, 400001)
    assert next(iter(values)) in response.json["msg"]
    assert use(client, getRecords={}).json["data"]["getRecords"]["records"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"getRecords": {}, "deleteRecords": {"recordIDs": ["r"]}},
        {"getRecords": {"limit": 0}},
        {"getRecords": {"limit": "1"}},
        {"addRecords": {"records": []}},
        {"addRecords": {"records": [{"values": {}}] * 501}},
        {"dropRecords": {}},
    ],
)
def test_wrong_bodies(client, body):
    """A body that is not one operation, or whose members are wrong, is refused."""
    assert client.post(f"{SHEETS}/{SHEET}", json=body).json["ret"] == 400001


@pytest.mark.parametrize("header", list(HEADERS))
def test_headers_are_needed(client, header):
    """Each of the three headers is needed."""
    client.environ_base.pop(f"HTTP_{header.upper().replace('-', '_')}")

    response = use(client, getRecords={})

    assert (response.status_code, response.json["ret"]) == (401, 400006)
    assert header in response.headers["X-Mockcbs-Reason"]


@pytest.mark.parametrize("row", [row for row in errors.CATALOGUE if row.provoke], ids=lambda row: row.code)
def test_file_provokes_an_error(client, row):
    """A file whose id ends in Fail and a code always fails with it."""
    response = client.get(f"/openapi/smartbook/v2/files/D{row.provoke.removeprefix('file ')}/sheets")

    assert (response.status_code, response.json) == (row.status, row.body(row.message, ""))


@pytest.mark.parametrize("row", errors.WECOM, ids=lambda row: row.code)
def test_docid_provokes_an_error(client, row):
    """So does a docid of WeCom, with WeCom's codes."""
    body = {"docid": f"dc{row.provoke.removeprefix('docid ')}", "sheet_id": "q", "records": [{"values": {}}]}

    response = client.post("/cgi-bin/wedoc/smartsheet/add_records?access_token=x", json=body)

    assert (response.status_code, response.json) == (200, row.body(row.message, ""))


def code_of(client, **query):
    given = {
        "client_id": "mockcbs-docs",
        "redirect_uri": "http://localhost/back?x=1",
        "response_type": "code",
        **query,
    }
    response = client.get("/oauth/v2/authorize", query_string=given)
    return response, parse_qs(urlsplit(response.headers.get("Location", "")).query)


def token_for(client, issued, **changes):
    query = {
        **CLIENT,
        "grant_type": "authorization_code",
        "redirect_uri": "http://localhost/back?x=1",
        "code": issued,
    }
    return client.get("/oauth/v2/token", query_string={**query, **changes})


def test_oauth(client):
    """Consent gives a code, the code a token, the token records, also with --strict; a code is good once."""
    client = caller(strict=True)
    response, back = code_of(client, state="123")
    token = token_for(client, back["code"][0]).json
    headers = {
        "Access-Token": token["access_token"],
        "Client-Id": "mockcbs-docs",
        "Open-Id": token["user_id"],
    }

    assert (response.status_code, back["state"], back["x"]) == (302, ["123"], ["1"])
    assert token["expires_in"] == 2_592_000
    assert client.get("/oauth/v2/userinfo", query_string=token).json["data"]["openID"] == token["user_id"]
    assert use(client, headers, getRecords={}).json["ret"] == 400009  # no file is stated
    assert use(client, getRecords={}).json["ret"] == 400006
    assert use(client, {**headers, "Open-Id": "other"}, getRecords={}).json["ret"] == 400006
    again = token_for(client, back["code"][0])
    assert (again.status_code, again.json["error"]) == (401, "invalid_grant")
    refresh = {**CLIENT, "grant_type": "refresh_token", "refresh_token": token["refresh_token"]}
    assert client.get("/oauth/v2/token", query_string=refresh).json["user_id"] == token["user_id"]


def test_codes_and_tokens_expire(client):
    """A code is good for five minutes, a token for thirty days."""
    clock = client.application.extensions["mockcbs"].clock
    code = code_of(client)[1]["code"][0]
    token = client.get("/oauth/v2/app-account-token", query_string=CLIENT).json
    headers = {
        "Access-Token": token["access_token"],
        "Client-Id": "mockcbs-docs",
        "Open-Id": token["user_id"],
    }

    assert use(client, headers, getRecords={}).json["ret"] == 0
    clock.advance(300_000)
    assert token_for(client, code).status_code == 401
    clock.advance(30 * 86_400_000)
    assert use(client, headers, getRecords={}).json["ret"] == 400006


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"code": "wrong"}, 401, "invalid_grant"),
        ({"redirect_uri": "http://localhost/other"}, 401, "invalid_grant"),
        ({"grant_type": "password"}, 400, "invalid_request"),
        ({"client_id": ""}, 400, "invalid_request"),
    ],
)
def test_token_is_refused(client, changes, status, code):
    """A wrong secret, code, address or kind of grant gets no token."""
    response = token_for(client, code_of(client)[1]["code"][0], **changes)

    assert (response.status_code, response.json["error"]) == (status, code)


def test_wecom(client):
    """WeCom's token, and records by title and by id of the field; Tencent Docs' sheet shows them."""
    corp = {"corpid": "ww1", "corpsecret": "s"}
    token = client.get("/cgi-bin/gettoken", query_string=corp).json["access_token"]
    path = f"/cgi-bin/wedoc/smartsheet/add_records?access_token={token}"
    body = {"docid": FILE, "sheet_id": SHEET, "records": [{"values": REPORT}]}

    added = client.post(path, json={**body, "key_type": "CELL_VALUE_KEY_TYPE_FIELD_TITLE"}).json
    by_title = client.post(path, json={**body, "key_type": "CELL_VALUE_KEY_TYPE_FIELD_ID"}).json
    no_token = client.post("/cgi-bin/wedoc/smartsheet/add_records", json=body).json
    wrong = client.post(path, json={**body, "records": [{"values": {"input_len": "1"}}]}).json

    assert (added["errcode"], added["errmsg"], added["records"][0]["values"]) == (0, "ok", REPORT)
    assert by_title["errcode"] == wrong["errcode"] == 40058
    assert no_token["errcode"] == 41001


def test_scopes_and_reset(client):
    """Tokens of one client share their sheets, others see none of them; a reset empties all."""
    use(client, addRecords={"records": [{"values": REPORT}]})

    other = use(client, {"Access-Token": "another"}, getRecords={}).json["data"]["getRecords"]["records"]
    client.application.extensions["mockcbs"].reset()

    assert other == []
    assert use(client, getRecords={}).json["data"]["getRecords"]["records"] == []


def test_failures_have_the_vendors_envelope(client):
    """A scenario fails Tencent Docs with its `ret`, WeCom with its `errcode`."""
    rule = {"when": {"service": "tencent_docs"}, "answer": {"error": "throttled"}}
    client.put("/_mockcbs/scenario", json={"scenario": {"rules": [rule]}})

    docs = use(client, getRecords={}).json
    wecom = client.post("/cgi-bin/wedoc/smartsheet/add_records?access_token=x", json={}).json

    assert docs["ret"] == 400007
    assert wecom["errcode"] == 45009


def test_dataset(tmp_path):
    """A dataset states sheets with fields and rows; with --strict only those are there."""
    file = tmp_path / "sheets.yaml"
    file.write_text(
        f"""
bots: []
tencent_docs:
  tables:
  - base: {FILE}
    table: {SHEET}
    name: Runs
    fields: [{{name: id}}, {{name: at, type: date}}, {{name: ok, type: checkbox}}]
    rows: [{{id: [{{type: text, text: w1}}], at: "1766365200000", ok: true}}]
""",
        "utf-8",
    )
    client = caller(dataset=str(file), strict=True)
    token = client.get("/oauth/v2/app-account-token", query_string=CLIENT).json
    headers = {
        "Access-Token": token["access_token"],
        "Client-Id": "mockcbs-docs",
        "Open-Id": token["user_id"],
    }

    records = use(client, headers, getRecords={}).json["data"]["getRecords"]["records"]

    assert [record["values"] for record in records] == [
        {"id": [{"type": "text", "text": "w1"}], "at": "1766365200000", "ok": True}
    ]
    assert use(client, headers, sheet="other", getRecords={}).json["ret"] == 400009
    assert client.get(SHEETS, headers=headers).json["data"]["sheets"] == [{"sheetID": SHEET, "title": "Runs"}]
