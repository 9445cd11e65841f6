"""Calls of Coze that several tests make, and how they read what comes back."""

import json
import re

from tests.services.coze.conftest import BOT

QUESTION = {"role": "user", "content": "桌面云打不开", "content_type": "text"}
REASON = "X-Mockcbs-Reason"
LOGID = re.compile(r"[0-9]{14}[0-9A-F]{20}")


def code(answer) -> int:
    return answer.json["code"]


def data(answer):
    assert code(answer) == 0, answer.json
    return answer.json["data"]


def ask(coze, text, **members):
    """The response to a chat that says *text*."""
    message = {"role": "user", "content": text, "content_type": "text"}
    body = {"bot_id": BOT, "user_id": "u", "additional_messages": [message], **members}
    return coze.post("/v3/chat", json=body)


def where(chat):
    return {"conversation_id": chat["conversation_id"], "chat_id": chat["id"]}


def look(coze, chat):
    """The chat as it is now; looking moves it on."""
    return data(coze.get("/v3/chat/retrieve", query_string=where(chat)))


def lines(answer):
    """The events of a stream, cut by a naive reader of lines."""
    blocks = answer.text.split("\n\n")[:-1]
    return [dict(line.split(":", 1) for line in block.splitlines()) for block in blocks]


def events(answer):
    """The events of a stream: their names and their data."""
    return [(event["event"], json.loads(event["data"])) for event in lines(answer)]
