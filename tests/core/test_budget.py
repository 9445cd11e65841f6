"""The memory that what clients make may take."""

import pytest

from mockcbs.backend.memory import MemoryBackend
from mockcbs.core.budget import OVERHEAD, Budget
from mockcbs.core.errors import FullError


def test_what_does_not_fit_is_refused_and_nothing_is_dropped():
    """A full backend keeps what is there, and takes more once something is deleted."""
    documents = MemoryBackend(Budget(3 * OVERHEAD)).documents
    for key in "ab":
        documents.put("k", "p", key, {"text": "x" * 100})

    with pytest.raises(FullError, match=r"does not fit: \d+ of 1500 bytes are used \(--memory\)"):
        documents.put("k", "p", "c", {"text": "x" * 400})

    assert [document["text"] for document in documents.select("k", "p")] == ["x" * 100] * 2
    documents.delete("k", "p", "a")
    documents.put("k", "p", "c", {"text": "x" * 300})
    assert documents.count("k", "p") == 2


def test_everything_given_back_is_room_again():
    """Documents and entries count while they are there."""
    budget = Budget(10_000)
    backend = MemoryBackend(budget)
    backend.documents.put("k", "p", "a", {"text": "x" * 100})
    backend.documents.put("k", "p", "a", {"text": "x" * 200})
    number = backend.outbox.append("hooks", {"x": 1}, due=0)
    backend.outbox.postpone(number, 1, {"x": "longer"})
    assert budget.used > 2 * OVERHEAD + 200

    backend.documents.clear()
    backend.outbox.ack(number)

    assert budget.used == 0
