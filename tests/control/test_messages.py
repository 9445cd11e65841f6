"""``/_mockcbs/messages``: messages that were sent."""

import json

import pytest

from mockcbs import Settings, create_app
from tests.conftest import NOW


@pytest.fixture
def client():
    client = create_app(Settings(now=NOW)).test_client()
    for app, chat in (("one", "oc_1"), ("one", "oc_2"), ("two", "oc_1")):
        content = {"receive_id": chat, "msg_type": "text", "content": json.dumps({"text": f"{app} {chat}"})}
        client.post(
            "/open-apis/im/v1/messages?receive_id_type=chat_id",
            json=content,
            headers={"Authorization": f"Bearer t-{app}"},
        )
    return client


def shown(client, **query):
    answer = client.get("/_mockcbs/messages", query_string=query)
    assert answer.status_code == 200, answer.text
    return [message["text"] for message in answer.json["messages"]]


def test_messages_are_chosen(client):
    """Messages can be selected by token, chat and kind; the newest ones are listed, oldest first."""
    assert shown(client) == ["one oc_1", "one oc_2", "two oc_1"]
    assert shown(client, limit=2) == ["one oc_2", "two oc_1"]
    assert shown(client, to="oc_1") == ["one oc_1", "two oc_1"]
    assert shown(client, token="t-one") == ["one oc_1", "one oc_2"]
    assert shown(client, kind="mail") == []


def test_wrong_filters_are_named(client):
    """A wrong filter is refused with the accepted values."""
    answer = client.get("/_mockcbs/messages?kind=letter")

    assert answer.status_code == 400
    assert "chat" in answer.json["detail"]
