"""Each response of a route has a schema by the name that its view states."""

import pytest
from marshmallow import class_registry

from mockcbs.services.coze.responses import answers
from tests.services.coze.calls import ask, look


def schema(name: str):
    """The schema that a view names."""
    return class_registry.get_class(f"{answers.__name__}.{name}")()


@pytest.mark.parametrize("name", ["AnalyticsAnswer", "DoneAnswer", "MessagesAnswer", "RunAnswer"])
def test_an_answer_wants_its_envelope(name):
    """Data without code and log id is refused."""
    assert {"code", "detail"} <= schema(name).validate({"data": []}).keys()


def test_a_chat_and_its_messages_load(coze):
    """Each schema accepts what its route sends."""
    begun = ask(coze, "桌面云打不开").json
    chat = look(coze, begun["data"])
    listed = coze.get(f"/v3/chat/message/list?conversation_id={chat['conversation_id']}&chat_id={chat['id']}")

    assert schema("ChatAnswer").load(begun)
    assert schema("ChatMessagesAnswer").load(listed.json)
    assert schema("ChatAnswer").validate(listed.json)
