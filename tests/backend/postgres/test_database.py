"""What happens when connections end, the database is slow or full, or two versions meet."""

import pytest

from mockcbs.backend.postgres import connections
from mockcbs.backend.postgres.backend import PostgresBackend
from mockcbs.core.errors import BackendError
from tests.backend.postgres.connections import end_connections


def test_a_connection_that_ended_before_is_replaced(backend, url):
    """Clients do not notice a lost connection: reads and transactions use another one."""
    backend.documents.put("kind", "p", "a", {"n": 1})

    end_connections(url)
    assert backend.documents.select("kind", "p", limit=7) == [{"n": 1}]
    end_connections(url)
    backend.documents.put("kind", "p", "b", {"n": 2})

    assert backend.documents.count("kind", "p") == 2


def test_a_connection_that_ends_in_a_transaction_leaves_nothing_half_done(backend, url):
    """The caller gets an error even if it does not look, and the next one succeeds."""

    def both() -> None:
        with backend.documents.transaction():
            backend.documents.put("kind", "p", "a", {"n": 1})
            assert backend.documents.count("kind", "p") == 1
            end_connections(url)
            backend.documents.put("kind", "p", "b", {"n": 2})

    with pytest.raises(BackendError, match="database"):
        both()

    assert backend.documents.select("kind", "p") == []
    backend.documents.put("kind", "p", "a", {"n": 1})
    assert backend.documents.select("kind", "p") == [{"n": 1}]


def test_a_transaction_that_is_rolled_back_leaves_its_connection_usable(backend):
    """What was prepared on it before, for single statements and for transactions, is still there."""

    def use() -> None:
        for number in range(30):
            backend.documents.put("kind", "p", f"{number}", {"n": number})
            for _ in range(number % 3):
                assert backend._db("SELECT 1 + %s", number) == [(number + 1,)]

    def fail() -> None:
        with backend.documents.transaction():
            backend.documents.put("kind", "p", "more", {"n": 30})
            backend._db("DO $$ BEGIN RAISE SQLSTATE '55P03'; END $$")

    use()
    for _ in range(2):
        with pytest.raises(BackendError, match="another replica"):
            fail()
    use()

    assert backend.documents.count("kind", "p") == 30


def test_an_error_that_is_caught_inside_does_not_commit_the_rest(backend, url):
    """A transaction with a failed statement ends with that error, even if the error was caught."""

    def careless() -> None:
        with backend.documents.transaction():
            backend.documents.put("kind", "p", "a", {"n": 1})
            assert backend.documents.count("kind", "p") == 1
            end_connections(url)
            with pytest.raises(BackendError):
                backend.documents.put("kind", "p", "b", {"n": 2})

    with pytest.raises(BackendError):
        careless()

    assert backend.documents.select("kind", "p") == []


def test_a_replica_that_stands_still_gives_up_its_locks(url, monkeypatch):
    """The database ends the transaction, and others continue; the replica gets an error when it wakes up."""
    monkeypatch.setattr(connections, "_IDLE_TIMEOUT", 0.3)
    still, other = PostgresBackend(url), PostgresBackend(url)

    def sleep() -> None:
        with still.documents.transaction():
            assert still.documents.get("kind", "p", "a") is None
            other.documents.put("kind", "p", "a", {"n": 2})
            still.documents.put("kind", "p", "b", {"n": 1})

    with pytest.raises(BackendError):
        sleep()

    assert other.documents.select("kind", "p") == [{"n": 2}]
    still.close()
    other.close()
