"""What a dataset states of smart sheets, and whose they are."""

from tests.services.tencent_docs.caller import CLIENT, FILE, REPORT, SHEET, SHEETS, caller, use


def test_scopes_and_reset(client):
    """Tokens of one client share their sheets, others see none of them; a reset empties all."""
    use(client, addRecords={"records": [{"values": REPORT}]})

    other = use(client, {"Access-Token": "another"}, getRecords={}).json["data"]["getRecords"]["records"]
    client.application.extensions["mockcbs"].reset()

    assert other == []
    assert use(client, getRecords={}).json["data"]["getRecords"]["records"] == []


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
