"""Turns in slices: all of them, in order, and never many at once."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mockcbs.traffic.knowledge import Turn, Utterance
from mockcbs.traffic.slices import Origin, slices

SAID = Utterance("桌面云打不开", "direct")


def turns(times: list[int], name: str) -> list[Turn]:
    return [Turn("bot", f"{name}{place % 7}", "", at, SAID) for place, at in enumerate(times)]


TIMES = st.lists(st.integers(0, 2_000), max_size=1_500)


@given(st.lists(TIMES, max_size=3), st.integers(0, 1_000), st.integers(1_000, 2_100))
def test_slices_are_all_turns_in_order(origins, low, high):
    """By time, then session id, and turns of one instant and session as they came."""
    every = [turns(times, str(place)) for place, times in enumerate(origins)]

    found = [row for rows in slices([Origin.of([]), *map(Origin.of, every)], low, high) for row in rows]

    wanted = [row for rows in every for row in rows if low <= row.at_ms < high]
    assert found == sorted(wanted, key=lambda row: (row.at_ms, row.session_id))


@given(TIMES)
def test_slices_are_short_and_divide_no_instant(times):
    """A slice has 256 turns and the rest of its last instant."""
    found = [rows for rows in slices([Origin.of(turns(times, "s"))], 0, 3_000) if rows]

    ends = [(rows[0].at_ms, rows[-1].at_ms) for rows in found]
    assert all(one[1] < other[0] for one, other in pairwise(ends))
    for rows in found:
        last = sum(row.at_ms == rows[-1].at_ms for row in rows)
        assert len(rows) - last < 256


def test_only_the_rows_of_one_slice_are_made_at_once():
    """Rows of later slices are made when they are read."""
    made = []
    at = np.arange(10_000)
    origin = Origin(at, lambda rows: made.append(rows) or turns(at[rows].tolist(), "s"))

    next(slices([origin], 0, 10_000))

    assert made == [slice(0, 256)]
