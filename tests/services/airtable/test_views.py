"""The calls of Airtable's Web API."""

import pytest

from tests.services.airtable.conftest import BASE
from tests.services.airtable.paths import TABLE


def rows(client, **query):
    return [row["fields"] for row in client.get(TABLE, query_string=query).json["records"]]


def fill(client, *numbers):
    records = [{"fields": {"workflow_id": f"w{number}", "input_len": number}} for number in numbers]
    return client.post(TABLE, json={"records": records}).json["records"]


@pytest.mark.parametrize("name", ["fields[]", "fields[0]", "fields"])
def test_lists_in_queries_have_three_spellings(client, name):
    """A list in a query has empty brackets, brackets with a number, or none."""
    fill(client, 1)

    assert rows(client, **{name: "input_len"}) == [{"input_len": 1}]


def test_sorts_stand_in_the_order_of_their_numbers(client):
    """Sorts apply in the order of their numbers, not of the query."""
    fill(client, 2, 1)
    client.post(TABLE, json={"fields": {"workflow_id": "w1", "input_len": 3}})

    query = {"sort[1][field]": "input_len", "sort[0][field]": "workflow_id", "sort[1][direction]": "desc"}

    assert [row["input_len"] for row in rows(client, **query)] == [3, 1, 2]


def test_patch_keeps_cells_and_put_empties_them(client):
    """PATCH keeps other cells and PUT empties them, for one record and for several."""
    one, two = fill(client, 1, 2)
    body = {"fields": {"input_len": 7}}

    kept = client.patch(f"{TABLE}/{one['id']}", json=body).json["fields"]
    emptied = client.put(f"{TABLE}/{one['id']}", json=body).json["fields"]
    several = client.put(TABLE, json={"records": [{"id": two["id"], **body}]}).json["records"]

    assert kept == {"workflow_id": "w1", "input_len": 7}
    assert emptied == several[0]["fields"] == {"input_len": 7}


def test_a_record_is_deleted_once_though_named_twice(client):
    """The response names a record once that was named twice."""
    (one,) = fill(client, 1)

    gone = client.delete(TABLE, query_string={"records[]": [one["id"], one["id"]]}).json

    assert gone == {"records": [{"id": one["id"], "deleted": True}]}
    assert rows(client) == []


def test_a_long_listing_reads_its_parameters_in_the_body(client):
    """A listing by POST reads its parameters from the body, and those of the query."""
    fill(client, 1, 2, 3)

    found = client.post(
        f"{TABLE}/listRecords?cellFormat=json", json={"filterByFormula": "input_len > 1"}
    ).json

    assert [row["fields"]["input_len"] for row in found["records"]] == [2, 3]


def test_tables_and_fields_get_other_names(client):
    """A renamed table or field is found under its new name; its id stays."""
    base = f"/v0/meta/bases/{BASE}/tables"
    made = client.post(base, json={"name": "Runs", "fields": [{"name": "n", "type": "number"}]}).json

    renamed = client.patch(f"{base}/{made['id']}", json={"name": "Calls"}).json
    field = client.patch(f"{base}/{made['id']}/fields/{made['fields'][0]['id']}", json={"name": "m"}).json

    assert (renamed["id"], renamed["name"]) == (made["id"], "Calls")
    assert field["name"] == "m"
    assert client.post(f"/v0/{BASE}/Calls", json={"fields": {"m": 1}}).json["fields"] == {"m": 1}


def test_a_body_without_fields(client):
    """A record without fields and a change without ids are refused."""
    assert client.post(TABLE, json={"typecast": True}).status_code == 422
    answer = client.patch(TABLE, json={"records": [{"fields": {}}]})
    assert "performUpsert" in answer.headers["X-Mockcbs-Reason"]
