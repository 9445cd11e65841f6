"""Two replicas of one mock."""

import threading
import time

from mockcbs.backend.postgres.backend import PostgresBackend


def test_scopes_do_not_wait_for_each_other(backend, url):
    """A transaction in one scope blocks only that scope, on every replica."""
    other = PostgresBackend(url)
    entered, over, order = threading.Event(), threading.Event(), []

    def hold() -> None:
        with backend.documents.transaction():
            assert backend.documents.get("kind", "p", "a") is None
            entered.set()
            over.wait(10)
            order.append("first")

    thread = threading.Thread(target=hold)
    thread.start()
    entered.wait(10)
    with other.documents.transaction():
        assert other.documents.get("kind", "q", "a") is None

    def follow() -> None:
        other.documents.put("kind", "p", "a", {})
        order.append("second")

    waiting = threading.Thread(target=follow)
    waiting.start()
    time.sleep(0.1)
    over.set()
    thread.join()
    waiting.join()
    other.close()

    assert order == ["first", "second"]
