"""What a dataset states of Airtable, and what a reset restores."""

from tests.services.airtable.conftest import BASE, caller
from tests.services.airtable.paths import TABLE


def test_reset(client):
    """After a reset the tables are those of the start, and the same calls return the same ids."""
    first = client.post(TABLE, json={"fields": {"workflow_id": "w"}}).json

    client.application.extensions["mockcbs"].reset()

    assert client.get(TABLE).json == {"records": []}
    assert client.post(TABLE, json={"fields": {"workflow_id": "w"}}).json == first


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
