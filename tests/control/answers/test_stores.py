"""Responses about what clients have stored."""

import pytest

from mockcbs.control.answers import stores
from mockcbs.core.masking import digest

SIGNED = {"Authorization": "OSS someone:c2lnbmF0dXJl", "Date": "Sun, 22 Nov 2026 00:00:00 GMT"}
TABLE = {"service": "feishu", "base": "bascnA", "table": "tblA", "rows": [{"input_len": 3}]}


@pytest.fixture
def filled(client):
    """A mock with a table, a message and an object."""
    client.put("/_mockcbs/tables", json=TABLE)
    client.post("/open-apis/bot/v2/hook/any-bot", json={"msg_type": "text", "content": {"text": "hello"}})
    client.put("/reports/a.csv", data="a,b", headers=SIGNED)
    return client


def test_tables(filled):
    """Tables have their columns and first rows."""
    found = filled.get("/_mockcbs/tables").json

    assert stores.TableList().validate(found) == {}
    assert [table["rows"] for table in found["tables"] if table["table"] == "tblA"] == [[{"input_len": 3}]]


def test_messages(filled):
    """Messages have the members that only their sender knows."""
    found = filled.get("/_mockcbs/messages").json

    assert stores.MessageList().validate(found) == {}
    assert found["messages"][0]["text"] == "hello"


def test_objects(filled):
    """Buckets, and the objects of one."""
    place = {"service": "oss", "scope": digest("someone"), "bucket": "reports"}
    buckets = filled.get("/_mockcbs/objects").json
    page = filled.get("/_mockcbs/objects/list", query_string=place).json

    assert stores.BucketList().validate(buckets) == {}
    assert stores.ObjectPage().validate(page) == {}
    assert [one["key"] for one in page["objects"]] == ["a.csv"]
