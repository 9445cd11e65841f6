"""Bodies that Tencent Docs refuses."""

import pytest

from tests.services.tencent_docs.caller import SHEET, SHEETS


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
