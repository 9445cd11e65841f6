"""The store of what changes."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from mockcbs.backend.memory import MemoryDocuments
from mockcbs.core import garbage


def test_a_transaction_keeps_others_out():
    """No other thread writes between the reads and writes of a transaction, so no count is lost."""
    store = MemoryDocuments()

    def count() -> None:
        for _ in range(500):
            with store.transaction():
                value = (store.get("counter", "p", "n") or {"value": 0})["value"]
                time.sleep(0)  # lets another thread run, if it can
                store.put("counter", "p", "n", {"value": value + 1})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: count(), range(8)))

    assert store.get("counter", "p", "n") == {"value": 4000}


def test_many_documents_are_freed_in_pieces(monkeypatch):
    """Freeing a large table at once after a reset would stop all threads."""
    monkeypatch.setattr(garbage, "_MANY", 2)
    monkeypatch.setattr(threading.Thread, "start", threading.Thread.run)
    store = MemoryDocuments()
    for number in range(3):
        store.put("row", "p", f"{number}", {"value": number})
    (held,) = store._tables.values()

    store.clear("p")

    assert held == {}
    assert store.count("row", "p") == 0
