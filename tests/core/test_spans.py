"""Spans of time."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mockcbs.core import spans

instants = st.integers(0, 30)
pairs = st.tuples(instants, instants)


def covered(found):
    return {instant for first, last in found for instant in range(first + 1, last + 1)}


@given(st.lists(pairs, max_size=6), pairs)
def test_each_instant_is_missing_or_seen(moves, span):
    """Seen and missing spans cover the whole, share no instant, and are joined where they touch."""
    seen: list = []
    for since, until in moves:
        seen = spans.joined(seen, since, until)

    found = list(spans.missing(*span, seen))

    assert covered(seen) == covered(moves)
    assert covered(found) == covered([span]) - covered(seen)
    assert sum(last - first for first, last in found) == len(covered(found))
    assert all(one[1] < other[0] for one, other in pairwise(seen))
