"""When the sessions of a day begin."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcbs.traffic import bits
from mockcbs.traffic.amounts.arrivals import instants, parts

DAYS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 23)), min_size=1, max_size=3)


def words(seed: int, count: int):
    return np.random.default_rng(seed).integers(0, 2**63, count, dtype=np.uint64)


@given(DAYS, st.integers(0, 1000))
def test_sessions_begin_on_their_day_in_an_hour_with_traffic(days, seed):
    """The sessions of a day begin in its hours with traffic, in the order of their words."""
    counts = np.array([count for count, _ in days], np.int64)
    cells = np.zeros((len(days), 24), np.int64)
    cells[np.arange(len(days)), [hour for _, hour in days]] = 1 << 20

    found = instants(words(seed, int(counts.sum())), counts, cells, np.zeros((len(days), 25), np.int64))

    hours = np.repeat([24 * day + hour for day, (_, hour) in enumerate(days)], counts)
    assert (found // 3_600_000).tolist() == hours.tolist()


def test_the_rate_changes_evenly():
    """From the begin of an hour to its middle and to its end the rate changes at a constant speed."""
    cells = np.full((1, 24), 1000, np.int64)
    edges = np.full((1, 25), 1000, np.int64)
    edges[0, 10], edges[0, 11] = 500, 1900  # the middle has 800
    count = 2_400_000

    at = instants(bits.words(3, np.arange(count)), np.array([count]), cells, edges)

    tenths = np.bincount(at // 360_000, minlength=240)[100:110]
    slopes = [530, 590, 650, 710, 770, 910, 1130, 1350, 1570, 1790]
    assert tenths == pytest.approx(np.array(slopes) * count / 240_000, rel=0.04)
    assert np.bincount(at // 3_600_000) == pytest.approx(np.full(24, count / 24), rel=0.02)


@given(DAYS, st.integers(0, 1000))
def test_parts_of_the_day(days, seed):
    """Each session has an eighth of its day, or none."""
    counts = np.array([count for count, _ in days], np.int64)

    found = parts(counts, words(seed, int(counts.sum())))

    assert len(found) == counts.sum()
    assert set(found.tolist()) <= {-1, *range(8)}
