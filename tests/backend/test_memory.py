"""The store of what changes."""

import time
from concurrent.futures import ThreadPoolExecutor

from mockcbs.backend.memory import MemoryStore


def test_documents_are_kept_by_kind_scope_and_key():
    """What is put can be had, listed in order, replaced and deleted; scopes and kinds are apart."""
    store = MemoryStore()

    store.put("session", "p1", "b", {"n": 1})
    store.put("session", "p1", "a", {"n": 2})
    store.put("session", "p1", "b", {"n": 3})
    store.put("session", "p2", "b", {"n": 4})

    assert store.get("session", "p1", "b") == {"n": 3}
    assert store.documents("session", "p1") == [{"n": 3}, {"n": 2}]
    assert store.get("request", "p1", "b") is None
    assert store.delete("session", "p1", "b")
    assert not store.delete("session", "p1", "b")
    store.clear("p1")
    assert store.documents("session", "p1") == []
    assert store.get("session", "p2", "b") == {"n": 4}
    store.clear()
    assert store.get("session", "p2", "b") is None


def test_the_oldest_is_dropped_with_a_warning(caplog):
    """Memory stays bounded in all scopes together, and nothing goes silently."""
    store = MemoryStore(20)

    for number in range(21):
        store.put("session", f"p{number}", "key", {"number": number})

    kept = [number for number in range(21) if store.get("session", f"p{number}", "key")]
    assert kept == list(range(2, 21))
    assert "more than 20 documents of kind session, oldest 2 dropped" in caplog.text


def test_a_transaction_keeps_others_out():
    """Between reading and writing in a transaction no other thread writes: no count is lost."""
    store = MemoryStore()

    def count() -> None:
        for _ in range(500):
            with store.transaction():
                value = (store.get("counter", "p", "n") or {"value": 0})["value"]
                time.sleep(0)  # lets another thread run, if it can
                store.put("counter", "p", "n", {"value": value + 1})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: count(), range(8)))

    assert store.get("counter", "p", "n") == {"value": 4000}
