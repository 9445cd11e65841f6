"""What pyairtable does with the mock, unmodified."""

import pytest
from pyairtable import Api, retry_strategy

from mockcbs.testing.live import LiveServer
from tests.services.airtable.batches import refusal
from tests.services.airtable.conftest import BASE


@pytest.mark.parametrize(
    ("status", "kind", "call"),
    [
        (422, "UNKNOWN_FIELD_NAME", lambda table: table.create({"nope": 1})),
        (422, "INVALID_VALUE_FOR_COLUMN", lambda table: table.create({"duration_ms": "812"})),
        (422, "INVALID_VALUE_FOR_COLUMN", lambda table: table.create({"workflow_id": 1})),
        (422, "UNKNOWN_FIELD_NAME", lambda table: table.all(sort=["nope"])),
        (422, "UNKNOWN_FIELD_NAME", lambda table: table.all(fields=["nope"])),
        (422, "INVALID_FILTER_BY_FORMULA", lambda table: table.all(formula="{nope}=1")),
        (422, "INVALID_FILTER_BY_FORMULA", lambda table: table.all(formula="FOO(1)")),
        (422, "VIEW_NAME_NOT_FOUND", lambda table: table.all(view="nope")),
        (422, "INVALID_REQUEST_UNKNOWN", lambda table: table.all(page_size=101)),
        (422, "INVALID_REQUEST_UNKNOWN", lambda table: table.all(cell_format="string")),
        (422, "LIST_RECORDS_ITERATOR_NOT_AVAILABLE", lambda table: table.all(offset="?")),
        (422, "ROW_DOES_NOT_EXIST", lambda table: table.batch_delete(["rec0123456789ABCD"])),
        (422, "ROW_DOES_NOT_EXIST", lambda table: table.batch_update([{"id": "rec0", "fields": {}}])),
    ],
)
def test_refusals(table, status, kind, call):
    """A wrong request is refused with Airtable's status and type, and pyairtable shows them."""
    assert (found := refusal(lambda: call(table)))[0] == status
    assert found[1]["type"] == kind


def test_over_a_socket():
    """`endpoint_url` points pyairtable at a server; a throttled call is tried again and succeeds."""
    once = {"rules": [{"when": {"service": "airtable", "first": 1}, "answer": {"error": "throttled"}}]}
    with LiveServer() as mock:
        retry = retry_strategy(total=2, respect_retry_after_header=False, backoff_factor=0)
        table = Api("pat.x", endpoint_url=mock.url, retry_strategy=retry).table(BASE, "A table, with 中文?")
        mock.scenario(once)

        table.create({"workflow_id": "w"})

        assert len(table.all()) == 1
        assert [entry.status for entry in mock.journal] == [429, 200, 200]
