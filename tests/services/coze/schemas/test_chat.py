"""What a chat may say."""

import pytest

from tests.services.coze.calls import QUESTION
from tests.services.coze.conftest import BOT


@pytest.mark.parametrize(
    "body",
    [
        {"bot_id": BOT},
        {"bot_id": BOT, "user_id": ""},
        {"user_id": "u"},
        {"bot_id": "abc", "user_id": "u"},
        {"bot_id": BOT, "user_id": "u", "additional_messages": {}},
        {"bot_id": BOT, "user_id": "u", "additional_messages": [{"role": "system", "content": "x"}]},
        {"bot_id": BOT, "user_id": "u", "additional_messages": [{"role": "user", "content": "x"}]},
        {"bot_id": BOT, "user_id": "u", "additional_messages": [{**QUESTION, "type": "follow_up"}]},
        {"bot_id": BOT, "user_id": "u", "additional_messages": [{**QUESTION, "content_type": "card"}]},
        {"bot_id": BOT, "user_id": "u", "extra_params": {"altitude": "1"}},
        {"bot_id": BOT, "user_id": "u", "publish_status": "unpublished_draft", "bot_version": "1"},
    ],
)
def test_chats_refuse_bad_parameters(coze, body):
    """A chat with parameters that contract 3.5.1 forbids gets 4000."""
    answer = coze.post("/v3/chat", json=body)

    assert (answer.status_code, answer.json["code"]) == (400, 4000), answer.text


def test_nulls_and_numbers_are_taken(coze):
    """Members that are null count as absent, and an id may be a JSON number."""
    message = {**QUESTION, "id": None, "meta_data": None, "type": None}
    body = {"bot_id": int(BOT), "user_id": "u", "additional_messages": [message], "meta_data": None}

    assert coze.post("/v3/chat", json=body).json["code"] == 0
