"""Short pauses of the garbage collector."""

import gc

import pytest

from mockcbs.core import garbage
from mockcbs.core.garbage import ShortCollections


@pytest.fixture
def collections():
    """Collections that are watched; objects are looked at again afterwards."""
    frozen = gc.get_freeze_count()
    watched = ShortCollections()
    watched.start()
    yield watched
    watched.stop()
    if not frozen:
        gc.unfreeze()


def test_survivors_of_a_long_collection_are_left_out(collections, monkeypatch):
    """After a long full collection the next one does not look at the same objects again."""
    monkeypatch.setattr(garbage, "_MAX_SECONDS", 0)
    held = [[number] for number in range(1000)]

    gc.collect()

    assert not any(one is held for one in gc.get_objects())


def test_short_collections_change_nothing(collections, monkeypatch):
    """A server with few objects collects as always."""
    monkeypatch.setattr(garbage, "_MAX_SECONDS", 1e9)
    held = [[number] for number in range(1000)]

    gc.collect()

    assert any(one is held for one in gc.get_objects())
