"""The store of cached responses."""

from hypothesis import given
from hypothesis import strategies as st

from mockcbs.web.cache.bounded import Bounded

PUTS = st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 9)), max_size=30)


@given(PUTS)
def test_it_keeps_the_last_values(puts):
    """Neither more values than the first limit, nor larger ones together than the second."""
    store = Bounded(3, 12)

    for number, (key, size) in enumerate(puts):
        store.put(key, (number, size), size)

    kept = sorted(value for key in "abcdef" if (value := store.get(key)))
    latest = sorted({key: (number, size) for number, (key, size) in enumerate(puts)}.values())
    assert kept == latest[len(latest) - len(kept) :]
    assert len(kept) <= 3
    assert sum(size for _, size in kept) <= 12


def test_it_drops_no_more_than_it_must():
    """A value is dropped only when there are too many, or when they are too large together."""
    store = Bounded(3, 12)
    for key in "abc":
        store.put(key, key, 4)

    store.put("d", "d", 4)
    store.put("b", "B", 4)
    assert [store.get(key) for key in "abcd"] == [None, "B", "c", "d"]

    store.put("e", "e", 5)
    assert [store.get(key) for key in "bcde"] == ["B", None, None, "e"]
