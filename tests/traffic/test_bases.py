"""The stated and generated turns of bots, built once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from mockcbs.traffic import bases
from mockcbs.traffic.bases import Bases

DAYS = range(20_000, 20_090)


def base(nbytes=1, days=DAYS):
    return SimpleNamespace(days=days, nbytes=nbytes)


def test_a_base_is_built_once():
    """A base is built once, even if many threads need it at the same time; other days need another base."""
    held, built = Bases(), []

    def build():
        built.append(threading.get_ident())
        return base()

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: held.built("bot", DAYS, build), range(8)))

    assert len(built) == 1
    assert len(set(map(id, found))) == 1
    assert held.get("bot", DAYS) is found[0]
    assert held.get("bot", range(1)) is None


def test_the_one_used_longest_ago_is_dropped(monkeypatch):
    """If memory is short, the least recently used base is dropped; a single base may exceed the limit."""
    monkeypatch.setattr(bases, "_MEMORY", 10)
    held = Bases()
    held.built("large", DAYS, lambda: base(20))
    assert held.get("large", DAYS)

    for name in ("a", "b"):
        held.built(name, DAYS, lambda: base(5))
    assert held.get("large", DAYS) is None
    assert held.get("a", DAYS)
    held.built("c", DAYS, lambda: base(5))

    assert [bool(held.get(name, DAYS)) for name in ("a", "b", "c")] == [True, False, True]


def test_a_build_that_fails_leaves_nothing():
    """After a build that failed, the next thread tries again."""
    held = Bases()

    with pytest.raises(KeyError):
        held.built("bot", DAYS, lambda: {}["no memory"])

    assert held.built("bot", DAYS, base).nbytes == 1
