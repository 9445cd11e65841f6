"""The messages of conversations and chats."""

from tests.services.coze.calls import QUESTION
from tests.services.coze.conftest import BOT


def test_messages_of_one_chat(coze):
    """chat_id picks the messages of one chat; an unknown cursor is refused."""
    first, second = (
        coze.post("/v3/chat", json={"bot_id": BOT, "user_id": "u", "additional_messages": [QUESTION]}).json[
            "data"
        ]
        for _ in range(2)
    )
    where = f"/v1/conversation/message/list?conversation_id={first['conversation_id']}"

    assert first["conversation_id"] != second["conversation_id"]
    assert len(coze.post(where, json={"chat_id": first["id"]}).json["data"]) == 1
    assert coze.post(where, json={"chat_id": second["id"]}).json["data"] == []
    assert coze.post(where, json={"after_id": "5"}).json["code"] == 4005
    assert coze.post(where, json={"after_id": "0", "before_id": ""}).json["code"] == 0
