"""Short pauses of the garbage collector."""

import gc
import threading

import pytest

from mockcbs.core import garbage
from mockcbs.core.garbage import ShortCollections, free_slowly, without_collection


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


def test_garbage_is_searched_for_rarely_while_a_server_runs(monkeypatch):
    """A program that serves mocks beside other work has its own thresholds when the last of them ended."""
    monkeypatch.setattr(ShortCollections, "_watching", [])
    before = gc.get_threshold()
    gc.set_threshold(700, 8, 6)
    one, other = ShortCollections(), ShortCollections()
    try:
        found = []
        for change in (one.start, other.start, one.stop, other.stop, other.stop):
            change()
            found.append(gc.get_threshold())
    finally:
        gc.set_threshold(*before)

    assert found == [(10_000, 8, 6)] * 3 + [(700, 8, 6)] * 2


@pytest.fixture
def frozen():
    """The number of frozen objects is 0 at first, and afterwards what it was."""
    before = gc.get_freeze_count()
    gc.unfreeze()
    yield
    if before:
        gc.freeze()
    else:
        gc.unfreeze()


def test_what_is_made_without_collection_is_old(frozen):
    """The collections of young objects need not look at all that an import has made."""
    with without_collection():
        made = [[number] for number in range(1000)]

    assert not any(one is made for young in (0, 1) for one in gc.get_objects(young))
    assert any(one is made for one in gc.get_objects(2))
    assert gc.isenabled()


def test_frozen_objects_stay_frozen(frozen):
    """A program that froze its objects before it imported mockcbs has them frozen afterwards."""
    own = [[number] for number in range(1000)]
    gc.freeze()

    with without_collection():
        pass

    assert not any(one is own for one in gc.get_objects())


class Owner:
    """Has containers that are freed slowly."""

    def __init__(self, *containers):
        free_slowly(self, *containers)


@pytest.mark.parametrize("few", [3, 60_000])
def test_large_containers_are_emptied_in_another_thread(few, monkeypatch):
    """What an owner leaves behind is freed; only much of it needs a thread."""
    monkeypatch.setattr(threading.Thread, "start", threading.Thread.run)
    numbers, names = dict.fromkeys(range(few)), [*range(few)]
    owner = Owner(numbers, names)
    assert len(names) == few

    del owner
    gc.collect()

    assert (len(numbers), len(names)) == ((few, few) if few == 3 else (0, 0))


@pytest.mark.parametrize("large", [[*range(20_000)], dict.fromkeys(range(20_000))])
def test_freeing_gives_way(large, monkeypatch):
    """Other threads have their turn after each few hundred objects."""
    left = []
    monkeypatch.setattr(threading.Thread, "start", threading.Thread.run)
    monkeypatch.setattr(garbage, "give_way", lambda: left.append(len(large)))

    garbage.free(large)

    assert left == [*range(19_750, -1, -250)]


def test_collections_are_paused():
    """They continue after the context, but not if they were paused before it."""
    with without_collection():
        with without_collection():
            assert not gc.isenabled()
        assert not gc.isenabled()

    assert gc.isenabled()
