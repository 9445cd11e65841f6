"""The memory that what clients make may take."""

import gc
import json
import sys
import tracemalloc
from collections.abc import Callable

import pytest

from mockcbs.backend.memory import MemoryBackend
from mockcbs.core.budget import OVERHEAD, Budget, size_of
from mockcbs.core.clock import Clock
from mockcbs.core.errors import FullError
from mockcbs.faults.runs import MemoryRuns
from mockcbs.faults.scenario_file import parse
from mockcbs.services.registry import vocabulary


def test_what_does_not_fit_is_refused_and_nothing_is_dropped():
    """A full backend keeps what is there, and takes more once something is deleted."""
    limit = 3 * (OVERHEAD + size_of({"text": "x" * 100}))
    documents = MemoryBackend(Budget(limit)).documents
    for key in "ab":
        documents.put("k", "p", key, {"text": "x" * 100})

    with pytest.raises(FullError, match=rf"does not fit: \d+ of {limit} bytes are used \(--memory\)"):
        documents.put("k", "p", "c", {"text": "x" * 200})

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


ROW = {"id": "rec", "cells": {"a": [{"text": "x" * 20, "type": "text"}], "b": 812}, "number": 5_000}
RULE = {"when": {"operation": "cbs.session_stats", "query": {"a": "b"}}, "answer": {"error": "server-error"}}


def documents_of(content: object) -> Callable[[Budget], object]:
    """What stores many documents with *content*."""

    def stored(budget: Budget) -> object:
        backend = MemoryBackend(budget)
        for number in range(50):
            backend.documents.put("k", "p", f"{number}", {"it": json.loads(json.dumps(content))})
        return backend

    return stored


def entries(budget: Budget) -> object:
    """An outbox with many entries."""
    backend = MemoryBackend(budget)
    for number in range(500):
        backend.outbox.append("hooks", json.loads(json.dumps(ROW)), due=number)
    return backend


def scenarios(budget: Budget) -> object:
    """Scenarios of many rules."""
    runs = MemoryRuns(lambda _: Clock, budget)
    for scope in "abc":
        made = parse({"rules": [json.loads(json.dumps(RULE)) for _ in range(200)]}, vocabulary())
        runs.begin(scope, "", made, anew=True)
    return runs


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(documents_of(ROW), id="a row"),
        pytest.param(documents_of({f"k{n}": "v" for n in range(100)}), id="short texts"),
        pytest.param(documents_of([{"a": 1}] * 500), id="small objects"),
        pytest.param(documents_of([[]] * 500), id="empty lists"),
        pytest.param(documents_of("中" * 4000), id="a text"),
        pytest.param(entries, id="entries"),
        pytest.param(scenarios, id="scenarios"),
    ],
)
def test_what_is_counted_is_what_it_takes(make):
    """Many small values take many times their text; the count is not far from the memory really taken."""
    make(Budget())
    budget = Budget()
    gc.collect()
    tracemalloc.start()
    try:
        made = make(budget)
        taken = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()

    assert made
    assert 0.8 * taken < budget.used < 3 * taken


def test_parts_count_wherever_they_stand():
    """Equal names count once, each value every time."""
    row = {"a": "x", "b": [1, (2, {"a": None})]}

    assert size_of([row]) == sum(
        map(sys.getsizeof, [[row], row, "a", "b", "x", row["b"], 1, row["b"][1], 2, {"a": None}, None])
    )
