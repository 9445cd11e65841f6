"""Records of smart sheets."""

import pytest

from tests.services.tencent_docs.caller import REPORT, SHEET, SHEETS, use


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
