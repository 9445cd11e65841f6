"""The connections of one process."""

import threading
from concurrent.futures import ThreadPoolExecutor

from mockcbs.backend.postgres import connections
from mockcbs.core.errors import BackendError


def test_transactions_leave_connections_to_single_statements(backend):
    """The maximum number of parallel transactions, each counting a request, cannot block each other."""
    all_in = threading.Barrier(connections.MAX_CONNECTIONS, timeout=20)

    def work(place):
        with backend.documents.transaction():
            backend.documents.get("toy", f"scope {place}", "key")
            all_in.wait()
            return backend.counts.next("p")

    with ThreadPoolExecutor(connections.MAX_CONNECTIONS) as pool:
        numbers = list(pool.map(work, range(connections.MAX_CONNECTIONS)))

    assert sorted(numbers) == list(range(connections.MAX_CONNECTIONS))


def test_too_many_transactions_are_no_outage(backend, monkeypatch):
    """A call that waits too long for a connection is refused; the others continue."""
    monkeypatch.setattr(connections, "LOCK_TIMEOUT", 0.05)
    all_in = threading.Barrier(connections.MAX_CONNECTIONS + 1, timeout=20)
    done = threading.Event()

    def hold(place):
        with backend.documents.transaction():
            backend.documents.get("toy", f"scope {place}", "key")
            all_in.wait()
            done.wait(20)

    with ThreadPoolExecutor(connections.MAX_CONNECTIONS) as pool:
        holders = [pool.submit(hold, place) for place in range(connections.MAX_CONNECTIONS)]
        all_in.wait()
        try:
            backend.documents.put("toy", "one more", "key", {})
        except BackendError as error:
            refusal = str(error)
        count = backend.counts.next("p")
        done.set()
        for one in holders:
            one.result()

    assert "transactions of this replica" in refusal
    assert count == 0
