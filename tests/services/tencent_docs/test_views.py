"""Smart sheets of Tencent Docs and WeCom, as plain HTTP clients use them."""

from tests.services.tencent_docs.caller import FILE, REPORT, SHEET


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
