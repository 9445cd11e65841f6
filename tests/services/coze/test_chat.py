"""A chat as it is kept and shown, and what it costs."""

import pytest

from mockcbs.services.coze.chat import MAX_STREAM_MS, Chat, latency, tokens
from mockcbs.services.coze.messages import Message
from tests.services.coze.conftest import BOT, SAMPLE_NOW

NAMES = "id conversation_id agent_id bot_id user_id section_id"
SAID = vars(Message("1", "2", "3", "assistant", "hi", 5, 5, type="answer"))


def chat(**members) -> Chat:
    ids = dict.fromkeys(NAMES.split(), BOT)
    texts = {"question": "q", "greeting": "", "answer": "a", "meta_data": {}, "inserted": ("7",)}
    return Chat(**{**ids, **texts, "at": SAMPLE_NOW, "latency": 500, **members})


def test_clients_see_what_there_is():
    """Members without a value are left out; times are in seconds; messages are named by their ids."""
    running = chat().shown()
    ended = chat(status="completed", completed_at=SAMPLE_NOW // 1000, usage=tokens("q", "a")).shown()

    assert ended.keys() - running.keys() == {"completed_at", "usage"}
    assert running["created_at"] == SAMPLE_NOW // 1000
    assert running["inserted_additional_messages"] == [{"id": "7"}]


@pytest.mark.parametrize(
    ("status", "count"), [("in_progress", 0), ("canceled", 0), ("completed", 1), ("requires_action", 1)]
)
def test_a_bot_has_said_nothing_before_the_end(status, count):
    """Messages are shown when the chat has ended or waits for tools."""
    assert len(chat(status=status, messages=(SAID,)).produced) == count


def test_a_chat_is_over_after_its_latency():
    """A streamed chat keeps its conversation busy for ten minutes if its end goes unnoticed."""
    assert chat().until == SAMPLE_NOW + 500
    assert chat(streams=True).until == SAMPLE_NOW + 500 + MAX_STREAM_MS


def test_tokens_add_up():
    """Input and output make up the whole; longer texts cost more."""
    short, long = tokens("q", "a"), tokens("q" * 9, "a" * 9)

    for one in (short, long):
        assert one["token_count"] == one["input_count"] + one["output_count"]
    assert long["token_count"] - short["token_count"] == 16


def test_longer_answers_take_longer():
    """The same question takes the same time, so much more a letter."""
    assert latency(BOT, "q", "a" * 10) - latency(BOT, "q", "") == 150
    assert latency(BOT, "q", "a" * 2000) == latency(BOT, "q", "a" * 1000)
