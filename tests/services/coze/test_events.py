"""Raw events of bots and workflows."""

import pytest

from tests.services.coze.calls import QUESTION
from tests.services.coze.conftest import BOT
from tests.services.coze.figures import (
    WEEK,
    raw_events,
)

CHATFLOW = "7389589103588700009"


TODAY = "start_date=2025-12-22&end_date=2025-12-22"


def test_messages_are_those_of_the_chat(coze):
    """The message_id of a question and an answer are those that the lists of messages show."""
    body = {"bot_id": BOT, "user_id": "u", "additional_messages": [QUESTION]}
    begun = coze.post("/v3/chat", json=body).json["data"]
    where = {"conversation_id": begun["conversation_id"], "chat_id": begun["id"]}
    answers = coze.get("/v3/chat/message/list", query_string=where).json["data"]

    url = f"/v1/bots/{BOT}/analytics/logs?{TODAY}&event_type=message.sent"
    events = coze.get(f"{url}&session_id={begun['conversation_id']}").json["data"]["items"]

    asked = begun["inserted_additional_messages"][0]["id"]
    assert [event["message_id"] for event in events] == [asked, answers[0]["id"]]


def test_chatflows_are_called_workflows(coze):
    """The events of a chatflow name a workflow, not a bot."""
    body = {"workflow_id": CHATFLOW, "additional_messages": [QUESTION]}
    assert "event:done" in coze.post("/v1/workflows/chat", json=body).text

    events = coze.get(f"/v1/workflows/{CHATFLOW}/analytics/logs?{TODAY}&page_size=100").json["data"]["items"]

    assert events
    assert {event.get("workflow_id") for event in events} == {CHATFLOW}
    assert not any("bot_id" in event for event in events)


def test_logs_map_to_the_metrics(coze):
    """Sessions, messages and executions of the raw events are those of the metrics."""
    events = raw_events(coze, BOT, WEEK)

    kinds = [event["event_type"] for event in events]
    assert kinds.count("session.started") == 3
    assert kinds.count("message.sent") == 7
    ended = [event for event in events if event["event_type"].startswith("execution")]
    assert [event["status"] for event in ended] == ["success", "success", "failed", "success"]
    assert [event["duration_ms"] for event in ended] == [800, 1200, 4000, 12000]
    assert len({event["chat_id"] for event in events}) == 4
    assert len({event["event_id"] for event in events}) == len(events)
    assert [event["session_id"] for event in ended] == ["s-A", "s-B", "s-A", "s-C"]
    assert ended[2]["error_code"] == 5000
    assert ended[0]["timestamp"] - ended[0]["trigger_time"] == 800


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ("event_type=execution.failed", 1),
        ("event_type=session.started,message.sent", 10),
        ("status=success", 3),
        ("status=failed&event_type=message.sent", 0),
        ("user_id=u-001", 6),
        ("session_id=s-C&event_type=message.sent", 2),
    ],
)
def test_logs_are_filtered(coze, filters, count):
    """Kinds and statuses pick events, the other filters executions."""
    assert len(raw_events(coze, BOT, f"{WEEK}&{filters}")) == count
