"""The events of a streamed chat."""

import json

import pytest

from tests.services.coze.calls import FAILING, QUESTION, ask, events, flow, lines
from tests.services.coze.conftest import BOT


def test_chat_stream_events(coze):
    """Events have the documented order and the members of contract 3.5.9."""
    body = {"bot_id": BOT, "user_id": "u", "stream": True, "additional_messages": [QUESTION]}

    events = lines(coze.post("/v3/chat", json=body))

    assert [event["event"] for event in events if "delta" not in event["event"]] == [
        "conversation.chat.created",
        "conversation.chat.in_progress",
        "conversation.message.completed",
        "conversation.message.completed",
        "conversation.message.completed",
        "conversation.chat.completed",
        "done",
    ]
    assert events[-1]["data"] == '"[DONE]"'
    chats = [json.loads(event["data"]) for event in events if ".chat." in event["event"]]
    assert [chat["status"] for chat in chats] == ["created", "in_progress", "completed"]
    assert len({chat["id"] for chat in chats}) == 1


def test_a_failed_stream_tells_why(coze):
    """The failed event is a complete chat with last_error, code and msg."""
    question = {**QUESTION, "content": "mockcbs:fail"}
    body = {"bot_id": BOT, "user_id": "u", "stream": True, "additional_messages": [question]}

    events = lines(coze.post("/v3/chat", json=body))

    data = json.loads(events[-2]["data"])
    assert events[-2]["event"] == "conversation.chat.failed"
    assert (data["code"], data["last_error"]["code"], data["status"]) == (5000, 5000, "failed")


@pytest.mark.parametrize("code", FAILING)
def test_streams_break_off(coze, code):
    """``mockcbs:error:CODE`` ends a stream with an error event."""
    told = events(ask(coze, f"mockcbs:error:{code}", stream=True))

    assert [name for name, _ in told][-2:] == ["error", "done"]
    assert told[-2][1]["code"] == int(code)


def test_the_end_of_a_chatflow(flows):
    """``done`` carries the debug URL, and the bot is the one the client named."""
    events = flow(flows, "你好", bot_id=BOT)

    assert events[-1][0] == "done"
    assert events[-1][1]["debug_url"].startswith("https://www.coze.cn/work_flow?execute_id=")
    assert {data["bot_id"] for _, data in events[:-1]} == {BOT}
