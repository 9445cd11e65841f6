"""What a dataset states of Feishu."""

from tests.services.feishu.stated import PATH, get


def test_stated_tables_are_read(make):
    """Every app reads stated tables and their views; a strict mock knows only these."""
    client = make()
    issued = make(strict=True)
    credentials = {"app_id": "cli_mockcbs", "app_secret": "mockcbs-app-secret"}
    path = "/open-apis/auth/v3/tenant_access_token/internal"
    token = issued.post(path, json=credentials).json["tenant_access_token"]

    for app, one in ((client, "t-any"), (client, "t-other"), (issued, token)):
        tables = get(app, PATH, one)["data"]["items"]
        assert [(table["table_id"], table["name"]) for table in tables] == [("tblRuns", "runs")]
        slow = get(app, f"{PATH}/tblRuns/records?view_id=vewSlow", one)["data"]["items"]
        assert [row["fields"] for row in slow] == [
            {"workflow_id": "w2", "status": "failed", "duration_ms": 25000}
        ]
        fields = get(app, f"{PATH}/tblRuns/fields", one)["data"]["items"]
        assert [option["name"] for option in fields[1]["property"]["options"]] == ["ok", "failed"]
        assert get(app, "/open-apis/im/v1/chats", one)["data"]["items"][0]["name"] == "运营日报"
    assert get(issued, f"{PATH}/tblOther/records", token)["code"] == 1254041
    assert get(issued, PATH.replace("Runs", "Other"), token)["code"] == 1254040
