"""What a Coze bot answers is what the engine of CBS dialogue knows."""

import pytest

from tests.services.coze.calls import REASON, say_parts
from tests.services.coze.conftest import BOT, caller


def _answer(client, text):
    message = {"role": "user", "content": text, "content_type": "text"}
    body = {"bot_id": BOT, "user_id": "u", "additional_messages": [message]}
    chat = client.post("/v3/chat", json=body).json["data"]
    query = {"conversation_id": chat["conversation_id"], "chat_id": chat["id"]}
    messages = client.get("/v3/chat/message/list", query_string=query).json["data"]
    return next(message["content"] for message in messages if message["type"] == "answer")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("桌面云打不开", "请先确认网络正常"),
        ("请问桌面云打不开了怎么办？", "请先确认网络正常"),
        ("固定IP", "您是不是想问：怎么申请固定IP地址"),
        ("???", "抱歉"),
        ("zzzzzz", "抱歉"),
        ("", "Hello"),
    ],
)
def test_answers(coze, question, answer):
    """A question has the same answer as in CBS: exact, reworded, only similar, or none."""
    assert _answer(coze, question).startswith(answer)


def test_reset_forgets_chats_and_conversations():
    """After a reset nothing that clients did remains, and the same calls get the same ids."""
    client = caller()
    first = client.post("/v1/conversation/create").json["data"]

    client.application.extensions["mockcbs"].reset()

    query = {"conversation_id": first["id"]}
    assert client.get("/v1/conversation/retrieve", query_string=query).json["code"] == 4002
    assert client.post("/v1/conversation/create").json["data"] == first


def test_audio(coze):
    """Audio is not emulated, and the reason states it."""
    answer = say_parts(coze, {"type": "audio", "file_url": "https://example.com/a.mp3"})

    assert answer.json["code"] == 0
    assert answer.headers[REASON].startswith("audio is not emulated")
