"""Sent messages: by scope and over all, the last one last."""

import pytest

from mockcbs.backend.memory import MemoryBackend
from mockcbs.messages import store
from mockcbs.messages.store import Message, Messages


@pytest.fixture
def messages():
    return Messages(MemoryBackend().documents)


def message(number, scope="alice", kind="hook"):
    return Message(
        f"om_{number}", number, kind, f"bot{number % 2}", "hi", {}, scope=scope, details={"extra": 1}
    )


def test_messages_are_shown_in_order(messages):
    """Messages can be selected by scope, kind and receiver; the limit keeps the newest."""
    for number in range(6):
        messages.add(message(number, "alice" if number < 3 else "bob", "mail" if number == 5 else "hook"))

    def ids(*scope, **choice):
        return [one.id for one in messages.select(*scope, **choice)]

    assert ids() == [f"om_{number}" for number in range(6)]
    assert ids("bob", kind="hook") == ["om_3", "om_4"]
    assert ids(to="bot1") == ["om_1", "om_3", "om_5"]
    assert ids(limit=2) == ["om_4", "om_5"]
    assert ids(limit=0) == []
    assert messages.find("bob", "om_5").as_dict()["extra"] == 1
    assert messages.find("alice", "om_5") is None


def test_old_messages_are_forgotten(messages, monkeypatch):
    """Only the oldest messages of the same scope are dropped."""
    monkeypatch.setattr(store, "MAX_KEPT", 3)
    messages.add(message(0, "bob"))

    for number in range(1, 6):
        messages.add(message(number))

    assert [one.id for one in messages.select()] == ["om_0", "om_3", "om_4", "om_5"]
    assert messages.count("alice") == 3
