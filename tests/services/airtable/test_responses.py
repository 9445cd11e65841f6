"""What documents say of Airtable's responses is what it sends."""

import pytest
from marshmallow import RAISE

from mockcbs.services.airtable import responses
from tests.services.airtable.conftest import BASE
from tests.services.airtable.paths import TABLE


def unlike(schema, answer):
    """What *answer* has that *schema* does not say, or the other way round."""
    assert answer.status_code == 200
    return schema(unknown=RAISE).validate(answer.json)


def test_records(client):
    """Single and several records fit the schemas when written, read and deleted."""
    made = client.post(TABLE, json={"fields": {"workflow_id": "w"}})
    one = f"{TABLE}/{made.json['id']}"
    merged = {
        "performUpsert": {"fieldsToMergeOn": ["workflow_id"]},
        "records": [{"fields": {"workflow_id": "v"}}],
    }

    assert unlike(responses.AirtableWrittenRecords, made) == {}
    assert unlike(responses.AirtableWrittenRecords, client.patch(TABLE, json=merged)) == {}
    assert unlike(responses.AirtableRecord, client.get(one)) == {}
    assert unlike(responses.AirtableRecords, client.get(f"{TABLE}?pageSize=1")) == {}
    assert unlike(responses.AirtableDeleted, client.delete(one)) == {}


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("whoami", responses.AirtableWhoAmI),
        ("bases", responses.AirtableBases),
        (f"bases/{BASE}/tables?include[]=visibleFieldIds", responses.AirtableTables),
    ],
)
def test_schemas(client, path, schema):
    """Bases and tables in their spelling."""
    client.get(TABLE)

    assert unlike(schema, client.get(f"/v0/meta/{path}")) == {}


def test_a_page_needs_its_records():
    """A member that is always sent may not be missing."""
    assert responses.AirtableRecords().validate({}).keys() == {"records"}
    assert responses.AirtableTableShape().validate({}).keys() >= {"primaryFieldId", "fields", "views"}
