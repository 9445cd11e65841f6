"""Sums over turns against the same sums counted one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs.core.waiting import StartOver, on_loop
from mockcbs.traffic.index import turn_sums
from mockcbs.traffic.index.turn_sums import TurnIndex, TurnLayers, TurnSums
from mockcbs.traffic.numbering import Endings
from mockcbs.traffic.turns import ANONYMOUS, turns
from tests.thoroughness import examples

ENDINGS = Endings(
    np.array([0, 0, 0], np.int8), np.array([False, True, False]), np.array([False, False, True])
)
"""One utterance that succeeds, one that fails, and one without an end."""

TURN = st.tuples(
    st.integers(0, 1_000),  # when
    st.integers(0, 8),  # session
    st.integers(ANONYMOUS, 5),  # user
    st.integers(0, 2),  # utterance
    st.integers(0, 30_000),  # latency
)


def _index(rows):
    at, session, user, said, latency = zip(*rows, strict=True) if rows else ((),) * 5
    return TurnIndex(turns(at, session, user, said, latency), ENDINGS)


def _counted(rows, low, high):
    """The sums by the words of the contract."""
    rows = [row for row in rows if low <= row[0] < high]
    ended = [row for row in rows if row[3] != 2]
    return TurnSums(
        len(rows),
        len(ended),
        sum(row[3] == 0 for row in rows),
        sum(row[4] for row in ended),
        len({row[2] for row in rows} - {ANONYMOUS}),
        len({row[1] for row in rows}),
    )


@given(
    st.lists(TURN, max_size=40),
    st.none() | st.lists(TURN, max_size=20),
    st.sampled_from([(100, 0), (100, 30), (7, 3), (2_000, 0)]),
    st.integers(0, 1_100),
    st.tuples(st.integers(0, 1_000), st.integers(0, 1_000)).map(sorted),
)
@settings(max_examples=examples(300), deadline=None)
def test_buckets_and_ranges_are_those_counted_one_by_one(large, small, shape, end, span):
    """Buckets and the range they make up equal a simple count, in one or two layers, up to the end."""
    width, offset = shape
    small = small if small is None else [(at, session + 100, *rest) for at, session, *rest in small]
    layers = [_index(rows) for rows in (large, small) if rows is not None]
    numbers = range((span[0] + offset) // width, (span[1] + offset) // width + 1)
    low, high = numbers.start * width - offset, numbers.stop * width - offset

    found = TurnLayers(layers, width, offset, end)
    buckets = found.series(numbers)
    total = found.total(low, high, buckets)

    happened = [row for row in [*large, *(small or [])] if row[0] < end]
    begins = range(low, high, width)
    assert buckets == [_counted(happened, begin, begin + width) for begin in begins]
    assert total == _counted(happened, low, high)


def test_many_turns_are_indexed_beside_the_event_loop(monkeypatch):
    """The index of many turns is not built on the loop, but what is built can be read there."""
    monkeypatch.setattr(turn_sums, "_MANY", 2)
    rows = [(at, 1, 1, 0, 5) for at in range(3)]

    with on_loop(), pytest.raises(StartOver):
        _index(rows)
    index = _index(rows)
    with on_loop(), pytest.raises(StartOver):
        index.buckets(100, 0)
    index.buckets(100, 0)
    with on_loop():
        assert TurnLayers([index], 100, 0, 50).series(range(1))[0].turns == 3
