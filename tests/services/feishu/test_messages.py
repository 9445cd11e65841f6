"""Messages to chats, and the chats that the bot is in."""

import json

import pytest

from mockcbs import Settings, create_app
from tests.services.feishu.conftest import NOW

URL = "/open-apis/im/v1/messages"
RIGHT = {"Authorization": "Bearer t-any"}


@pytest.fixture
def client():
    return create_app(Settings(now=NOW, dataset="empty")).test_client()


def send(client, id_type="chat_id", **members):
    body = {"receive_id": "oc_1", "msg_type": "text", "content": json.dumps({"text": "hi"}), **members}
    return client.post(f"{URL}?receive_id_type={id_type}", json=body, headers=RIGHT).json


def test_a_uuid_stands_for_one_message_for_an_hour(client):
    """A uuid that is sent again returns the first message; an hour later it is a new one."""
    first, again = (send(client, uuid="u1")["data"] for _ in range(2))
    client.put("/_mockcbs/clock", json={"advance_ms": 3_600_000})
    later = send(client, uuid="u1")["data"]

    assert again == first
    assert later["message_id"] != first["message_id"]
    assert len(client.get("/_mockcbs/messages").json["messages"]) == 2


@pytest.mark.parametrize(
    ("id_type", "good", "bad"),
    [
        ("chat_id", "oc_1", "ou_1"),
        ("open_id", "ou_1", "oc_1"),
        ("union_id", "on_1", "ou_1"),
        ("email", "a@b.example", "a@"),
    ],
)
def test_ids_of_receivers_have_a_form(client, id_type, good, bad):
    """Each type of receiver has a form of ids; a message to a person is in a chat with the bot."""
    sent = send(client, id_type, receive_id=good)

    assert sent["code"] == 0
    assert sent["data"]["chat_id"].startswith("oc_")
    assert send(client, id_type, receive_id=bad)["code"] == 230001


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"content": "hi"}, 230001),
        ({"content": "[]"}, 230001),
        ({"content": '{"text":""}'}, 230001),
        ({"msg_type": "interactive", "content": "{}"}, 230099),
        ({"msg_type": "post", "content": json.dumps({"zh_cn": {"title": "x" * 31_000}})}, 230025),
        ({"msg_type": "letter"}, 230001),
    ],
)
def test_contents_that_are_refused(client, members, code):
    """Nothing is kept of them."""
    assert send(client, **members)["code"] == code
    assert client.get("/_mockcbs/messages").json["messages"] == []
