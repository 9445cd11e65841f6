"""Records: created, read, changed, merged and deleted."""

from tests.services.airtable.batches import REPORT, refusal
from tests.services.airtable.paths import TABLE


def test_one_record(table):
    """A record is created, read, changed, replaced and deleted."""
    made = table.create(REPORT)
    read = table.get(made["id"])
    changed = table.update(made["id"], {"input_len": 13, "exec_time": None})
    replaced = table.update(made["id"], {"workflow_id": "w2"}, replace=True)
    gone = table.delete(made["id"])

    assert made["fields"] == REPORT
    assert made["createdTime"] == "2025-12-22T01:00:00.000Z"
    assert read == made
    assert changed["fields"] == {"workflow_id": "w1", "input_len": 13, "duration_ms": 812}
    assert replaced["fields"] == {"workflow_id": "w2"}
    assert gone == {"id": made["id"], "deleted": True}
    assert refusal(lambda: table.get(made["id"])) == (404, "NOT_FOUND")
    assert table.all() == []


def test_many_records(table, mock):
    """Twelve records go in two requests (T1), and are changed and deleted in tens."""
    made = table.batch_create([{"workflow_id": f"w{number}"} for number in range(12)])
    calls = [entry for entry in mock.journal if entry.operation == "airtable.create_records"]
    changed = table.batch_update([{"id": one["id"], "fields": {"input_len": 1}} for one in made])
    replaced = table.batch_update([{"id": made[0]["id"], "fields": {"input_len": 2}}], replace=True)
    gone = table.batch_delete([one["id"] for one in made[:11]])

    assert len(calls) == 2
    assert [one["fields"]["workflow_id"] for one in made] == [f"w{number}" for number in range(12)]
    assert all(one["fields"]["input_len"] == 1 and "workflow_id" in one["fields"] for one in changed)
    assert replaced[0]["fields"] == {"input_len": 2}
    assert [one["deleted"] for one in gone] == [True] * 11
    assert [one["id"] for one in table.all()] == [made[11]["id"]]


def test_upsert(table):
    """Records that agree in the merge fields are changed, others created; ids win over both."""
    first, second = table.batch_create([{"workflow_id": "a", "input_len": 1}, {"workflow_id": "b"}])
    records = [
        {"fields": {"workflow_id": "a", "duration_ms": 5}},
        {"fields": {"workflow_id": "c"}},
        {"id": second["id"], "fields": {"workflow_id": "d"}},
    ]

    result = table.batch_upsert(records, ["workflow_id"])

    assert result["updatedRecords"] == [first["id"], second["id"]]
    assert len(result["createdRecords"]) == 1
    assert [one["fields"] for one in table.all()] == [
        {"workflow_id": "a", "input_len": 1, "duration_ms": 5},
        {"workflow_id": "d"},
        {"workflow_id": "c"},
    ]


def test_upsert_is_refused(table):
    """Several matches, unknown fields and unknown ids are refused, and nothing changes."""
    table.batch_create([{"workflow_id": "a"}, {"workflow_id": "a"}])
    one = [{"fields": {"workflow_id": "a", "input_len": 1}}]

    several = refusal(lambda: table.batch_upsert(one, ["workflow_id"]))
    unknown = refusal(lambda: table.batch_upsert([{"fields": {"nope": 1}}], ["nope"]))
    lost = refusal(lambda: table.batch_upsert([{"id": "rec0123456789ABCD", "fields": {}}], ["workflow_id"]))

    assert (several[0], several[1]["type"]) == (422, "INVALID_REQUEST_UNKNOWN")
    assert unknown[1]["type"] == "UNKNOWN_FIELD_NAME"
    assert lost[1]["type"] == "ROW_DOES_NOT_EXIST"
    assert [row["fields"] for row in table.all()] == [{"workflow_id": "a"}] * 2


def test_a_batch_is_whole(client):
    """A batch with one wrong record writes none, and one with a wrong id deletes none."""
    made = client.post(TABLE, json={"fields": {"workflow_id": "w"}}).json

    written = client.post(
        TABLE, json={"records": [{"fields": {"input_len": 1}}, {"fields": {"input_len": "1"}}]}
    )
    deleted = client.delete(TABLE, query_string={"records[]": [made["id"], "rec0123456789ABCD"]})

    assert written.status_code == deleted.status_code == 422
    assert client.get(TABLE).json == {"records": [made]}
