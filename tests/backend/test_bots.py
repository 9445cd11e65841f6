"""Bots that clients asked about."""

import pytest

from mockcbs.backend import bots
from mockcbs.backend.bots import SeenBots
from mockcbs.backend.memory import MemoryBackend
from mockcbs.core.budget import Budget

RESET = ("reset",)


@pytest.fixture
def seen(backend):
    return SeenBots(backend.documents, backend.changes, RESET)


def test_bots_are_listed_in_their_scope(seen):
    """Each bot is listed once, in the order of the first requests about them."""
    for scope, bot_id in (("p", "b"), ("p", "a"), ("q", "c"), ("p", "b")):
        seen.note(scope, bot_id)

    assert (seen.of("p"), seen.of("q")) == (["b", "a"], ["c"])


def test_after_a_reset_bots_are_noted_again(backend, seen):
    """A bot asked about before and after a reset is known after it."""
    seen.note("p", "a")
    backend.documents.clear()
    backend.changes.bump(*RESET)
    assert seen.of("p") == []

    seen.note("p", "a")

    assert seen.of("p") == ["a"]


def test_no_more_than_so_many_are_listed(seen, monkeypatch):
    """A client that asks about ever new bots cannot fill the backend."""
    monkeypatch.setattr(bots, "MAX_BOTS", 2)

    for bot_id in "abc":
        seen.note("p", bot_id)

    assert seen.of("p") == ["a", "b"]


def test_a_full_backend_still_answers():
    """Reading a statistic does not fail because the bot cannot be noted."""
    backend = MemoryBackend(Budget(0))
    seen = SeenBots(backend.documents, backend.changes, RESET)

    seen.note("p", "a")

    assert seen.of("p") == []
