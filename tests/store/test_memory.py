"""The store of what changes."""

import mockcbs.store
from mockcbs.store import MemoryStore


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


def test_the_oldest_is_dropped_with_a_warning(monkeypatch, caplog):
    """Memory stays bounded, and never silently."""
    monkeypatch.setattr(mockcbs.store, "MOST_DOCUMENTS", 2)
    store = MemoryStore()

    for key in "abc":
        store.put("session", "p", key, {"key": key})

    assert [document["key"] for document in store.documents("session", "p")] == ["b", "c"]
    assert "a is dropped" in caplog.text
