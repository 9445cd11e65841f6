"""Raw events of Coze in which a missing value follows from the others."""

import pytest

from mockcbs.contract.coze_filled import fill, with_starts
from mockcbs.contract.lacking import Lacking, LackingError, known, sent, was_sent

GONE = Lacking("gone")
EVENT = {
    "event_type": "execution.completed",
    "status": "success",
    "trigger_time": 1000,
    "timestamp": 1800,
    "duration_ms": 800,
    "chat_id": "7",
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("event_type", "execution.completed"),
        ("status", "success"),
        ("trigger_time", 1000),
        ("timestamp", 1800),
    ],
)
def test_a_member_follows_from_the_others(name, value):
    """A member that follows from others counts as known, but not as sent."""
    event = {**EVENT, name: GONE}

    fill([event])

    assert event[name] == value
    assert not was_sent(event[name])
    with pytest.raises(LackingError):
        sent(event[name])


def test_a_duration_follows_from_both_ends():
    """The duration is that between both ends; an event without ids has no known id."""
    event = {name: value for name, value in EVENT.items() if name not in {"duration_ms", "chat_id"}}

    fill([event])

    assert event["duration_ms"] == 800
    assert isinstance(event["chat_id"], Lacking)


def test_messages_begin_with_their_execution():
    """A missing start of a message is that of its execution; nothing else changes."""
    message = {"event_type": "message.sent", "trigger_time": GONE, "timestamp": 1800, "chat_id": "7"}

    assert with_starts([dict(EVENT)]) == [EVENT]
    with_starts([message, dict(EVENT)])
    assert known(message["trigger_time"], None) == 1000
