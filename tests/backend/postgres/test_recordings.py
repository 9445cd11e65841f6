"""Recorded turns in PostgreSQL."""

import pytest

from mockcbs.core.errors import BackendError
from mockcbs.settings import Settings
from mockcbs.state import State
from mockcbs.traffic.knowledge import Turn, Utterance
from tests.backend.postgres.connections import end_connections


def test_a_turn_that_was_taken_back_is_not_counted(backend, url):
    """A turn of a transaction that failed is not remembered."""
    log = State(Settings(dataset="empty"), backend=backend).log
    turn = Turn("bot", "s", "u", 1, Utterance("?", "chat"))

    def failing() -> None:
        with backend.documents.transaction():
            log.record(turn, "p")
            assert log.recorded("bot", "p") == [turn]
            end_connections(url)
            backend.documents.put("kind", "p", "a", {})

    with pytest.raises(BackendError):
        failing()

    assert log.recorded("bot", "p") == []


def test_an_owner_whose_write_failed_is_not_taken_for_empty(backend, url):
    """While the database is away, a read is refused, because earlier turns may be stored."""
    log = State(Settings(dataset="empty"), backend=backend).log
    log.record(Turn("bot", "s", "u", 1, Utterance("?", "chat")), "p")
    assert len(log.recorded("bot", "p")) == 1

    def failing() -> None:
        with backend.documents.transaction():
            log.record(Turn("bot", "s", "u", 2, Utterance("?", "chat")), "p")
            backend.documents.get("kind", "p", "a")
            end_connections(url)
            backend.documents.put("kind", "p", "a", {})

    with pytest.raises(BackendError):
        failing()
    backend.feed._db.connections.mark_away("the database is away")

    with pytest.raises(BackendError, match="turns were recorded"):
        log.recorded("bot", "p")
    backend.feed._db.connections.mark_back()
    assert len(log.recorded("bot", "p")) == 1
