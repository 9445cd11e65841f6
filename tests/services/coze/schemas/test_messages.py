"""Which messages a chat takes."""

import json

import pytest

from tests.services.coze.conftest import BOT

TEXT = {"role": "user", "content": "桌面云打不开", "content_type": "text"}


def parts(*kinds):
    made = {
        "text": {"type": "text", "text": "what is this?"},
        "image": {"type": "image", "file_url": "https://example.com/a.png"},
        "file": {"type": "file", "file_url": "https://example.com/a.pdf"},
    }
    content = json.dumps([made[kind] for kind in kinds])
    return {"role": "user", "content": content, "content_type": "object_string"}


def code(coze, *messages, saved=True):
    body = {"bot_id": BOT, "user_id": "u", "additional_messages": list(messages)}
    answer = coze.post("/v3/chat", json={**body, "auto_save_history": saved, "stream": not saved})
    return 0 if answer.mimetype == "text/event-stream" else answer.json["code"]


@pytest.mark.parametrize(
    "messages",
    [
        [parts("image")],
        [parts("file")],
        [parts("image", "file")],
        [parts("image"), parts("image")],
        [{**TEXT, "type": "function_call"}],
        [{**TEXT, "type": "tool_output"}],
        [{**TEXT, "type": "tool_response"}],
        [{**TEXT, "role": "assistant", "type": "question"}],
        [{**parts("text", "image"), "role": "assistant"}],
        [{**TEXT, "role": "system"}],
        [{**TEXT, "type": "follow_up"}, TEXT],
    ],
)
def test_refused(coze, messages):
    """Images without text, messages of tools in a history, and roles that do not fit are refused."""
    assert code(coze, *messages) == 4000


@pytest.mark.parametrize(
    "messages",
    [
        [parts("text", "image")],
        [parts("image"), TEXT],
        [TEXT, parts("image")],
        [{**TEXT, "role": "assistant", "type": "answer"}, TEXT],
        [{**TEXT, "role": "assistant"}, TEXT],
    ],
)
def test_taken(coze, messages):
    """An image with text in its message or the next one, and answers of the assistant."""
    assert code(coze, *messages) == 0


@pytest.mark.parametrize("kind", ["function_call", "tool_output", "tool_response"])
def test_tools_without_a_history(coze, kind):
    """The output of tools may be sent in a chat that is not saved."""
    assert code(coze, {**TEXT, "role": "assistant", "type": kind}, TEXT, saved=False) == 0
