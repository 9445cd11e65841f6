"""Chatflows, and plugins that run at the client's, as the dataset states them."""

import json

import pytest

from tests.services.coze.calls import events
from tests.services.coze.conftest import BOT, caller

FLOW = "7389589103588700003"
FLOWS = f"""
now: "2025-12-22T09:00:00+08:00"
bots:
  - id: "{FLOW}"
    card: {{kind: chatflow, question: Which city?}}
  - id: "{BOT}"
    card:
      tools:
        - {{name: get_weather, arguments: {{city: 南京}}, when: 天气}}
        - {{name: get_time, when: 几点}}
"""


@pytest.fixture
def flows(tmp_path):
    file = tmp_path / "flows.yaml"
    file.write_text(FLOWS, encoding="utf-8")
    return caller(dataset=str(file))


def flow(flows, text, **members):
    message = {"role": "user", "content": text, "content_type": "text"}
    body = {"workflow_id": FLOW, "additional_messages": [message], **members}
    return events(flows.post("/v1/workflows/chat", json=body))


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


def test_the_end_of_a_chatflow(flows):
    """``done`` carries the debug URL, and the bot is the one the client named."""
    events = flow(flows, "你好", bot_id=BOT)

    assert events[-1][0] == "done"
    assert events[-1][1]["debug_url"].startswith("https://www.coze.cn/work_flow?execute_id=")
    assert {data["bot_id"] for _, data in events[:-1]} == {BOT}


def test_chatflows_that_ran_are_listed(flows):
    """A chatflow of the client's own is in the list once it has run."""
    own = "7389589103588700099"
    flows.post("/v1/workflows/chat", json={"workflow_id": own, "additional_messages": []})

    listed = flows.get("/v1/workflows?workspace_id=1&workflow_mode=chatflow").json["data"]["items"]

    assert {item["workflow_id"] for item in listed} == {FLOW, own}
    assert {type(item["created_at"]) for item in listed} == {str}


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
