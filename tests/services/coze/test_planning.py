"""What a bot will say: answers, calls of plugins, questions."""

import json

import pytest

from tests.services.coze.calls import ask, data, flow, look, where
from tests.services.coze.conftest import BOT


def verbose(events):
    return next(
        json.loads(data["content"]) for name, data in events
        if name == "conversation.message.completed" and data["type"] == "verbose"
    )  # fmt: skip


def test_a_question_node(flows):
    """A chatflow stops at its question, and the next call in the conversation answers it."""
    asked = flow(flows, "你好", bot_id=BOT)
    name, chat = asked[-2]
    resumed = flow(flows, "北京", conversation_id=chat["conversation_id"], bot_id=BOT)

    assert name == "conversation.chat.requires_action"
    (call,) = chat["required_action"]["submit_tool_outputs"]["tool_calls"]
    assert call["type"] == "reply_message"
    assert verbose(asked)["msg_type"] == "interrupt"
    assert "Which city?" in [data.get("content") for _, data in asked]
    assert resumed[-2][0] == "conversation.chat.completed"
    finish = {"msg_type": "generate_answer_finish", "data": '{"finish_reason":0,"FinData":""}'}
    assert finish.items() <= verbose(resumed).items()


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [("南京天气", "get_weather", {"city": "南京"}), ("现在几点", "get_time", {})],
)
def test_plugins_of_the_client(flows, text, name, arguments):
    """A question that holds a plugin's words calls it, by the name the client knows."""
    message = {"role": "user", "content": text, "content_type": "text"}
    body = {"bot_id": BOT, "user_id": "u", "additional_messages": [message]}
    chat = flows.post("/v3/chat", json=body).json["data"]
    where = {"conversation_id": chat["conversation_id"], "chat_id": chat["id"]}
    action = flows.get("/v3/chat/retrieve", query_string=where).json["data"]["required_action"]
    (call,) = action["submit_tool_outputs"]["tool_calls"]
    outputs = {"tool_outputs": [{"tool_call_id": call["id"], "output": "晴"}]}

    flows.post("/v3/chat/submit_tool_outputs", query_string=where, json=outputs)
    flows.get("/v3/chat/retrieve", query_string=where)
    said = flows.get("/v3/chat/message/list", query_string=where).json["data"]

    assert (call["function"]["name"], json.loads(call["function"]["arguments"])) == (name, arguments)
    assert [one["type"] for one in said][:3] == ["function_call", "tool_response", "answer"]
    assert said[2]["content"] == "晴"


@pytest.mark.parametrize(("text", "types"), [("What is new?", []), ("What else?", ["follow_up"])])
def test_suggestions(coze, text, types):
    """A bot suggests the questions of its card, but not the one that it has just answered."""
    chat = data(ask(coze, text))
    look(coze, chat)

    spoken = data(coze.get("/v3/chat/message/list", query_string=where(chat)))

    assert [message["type"] for message in spoken if message["type"] == "follow_up"] == types
