"""The life of a chat."""

import pytest

from mockcbs.core.waiting import StartOver, on_loop
from mockcbs.services.coze import billing, chats
from tests.services.coze.calls import ask, data, look
from tests.services.coze.conftest import BOT, SAMPLE_NOW, caller
from tests.services.coze.figures import figures, raw_events, usage_today


def test_a_chat_counts_at_once(coze):
    """A chat is a call when it begins, and in rates and mean when it has ended."""
    chat = data(ask(coze, "桌面云打不开"))
    running = usage_today(coze)

    look(coze, chat)

    assert figures(running) == (1, 1, 1, 1, 1.0, 0.0, 0)
    ended = usage_today(coze)
    assert figures(ended)[:6] == (2, 1, 1, 1, 1.0, 0.0)
    event = raw_events(coze, BOT, "start_date=2025-12-22&end_date=2025-12-22&event_type=execution.completed")[
        0
    ]
    assert (event["chat_id"], event["session_id"]) == (chat["id"], chat["conversation_id"])
    assert event["connector_id"] == "1024"
    assert event["duration_ms"] == ended["avg_response_time_ms"]


def test_canceled_and_failed_chats(coze):
    """A canceled chat is a call and no more; a failed one is an error."""
    chat = data(ask(coze, "x"))
    coze.post("/v3/chat/cancel", json={"conversation_id": chat["conversation_id"], "chat_id": chat["id"]})
    look(coze, data(ask(coze, "mockcbs:fail")))
    look(coze, data(ask(coze, "桌面云打不开")))

    assert figures(usage_today(coze))[:6] == (4, 3, 1, 3, 0.5, 0.5)


def test_streams_count_too(coze):
    """A streamed chat is counted, also when its history is not kept."""
    assert ask(coze, "桌面云打不开", stream=True).text.endswith('[DONE]"\n\n')
    assert ask(coze, "桌面云打不开", stream=True, auto_save_history=False).text

    assert figures(usage_today(coze))[:6] == (4, 2, 1, 2, 1.0, 0.0)


def test_chats_nobody_looks_at_end_by_themselves():
    """A chat that is never polled ends when its time is over."""
    client = caller(now=SAMPLE_NOW)
    chat = data(ask(client, "桌面云打不开"))
    clock = client.application.extensions["mockcbs"].clock

    clock._start += 60_000

    assert figures(usage_today(client))[0] == 2
    assert look(client, chat)["status"] == "completed"


def test_many_chats_end_beside_the_event_loop(monkeypatch):
    """A read after a load test ends hundreds of chats, which takes too long for the loop of a server."""
    monkeypatch.setattr(chats, "_TOGETHER", 3)
    client = caller(now=SAMPLE_NOW)
    usage_today(client)
    for _ in range(7):
        ask(client, "桌面云打不开")
    client.application.extensions["mockcbs"].clock._start += 60_000

    with on_loop(), pytest.raises(StartOver):
        usage_today(client)

    assert figures(usage_today(client))[:2] == (14, 7)
    with on_loop():
        usage_today(client)


def test_nobody_bills_a_chat_without_a_callback_app(monkeypatch):
    """Most mocks have no callback app, and each chat that ends would pay for an event that nobody gets."""
    monkeypatch.setattr(billing, "row", None)
    client = caller()

    assert look(client, data(ask(client, "桌面云打不开")))["status"] == "completed"
