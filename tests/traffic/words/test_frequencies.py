"""How often users ask about each subject."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs.traffic.words.frequencies import SLOTS, drift, entries
from tests.thoroughness import examples


def test_without_drift_nothing_changes():
    """All subjects are as frequent as usual in every week."""
    assert (drift(7, range(2_900, 2_920), 5, 0) == 1024).all()


def test_a_week_is_the_same_in_any_company():
    """The frequencies of a week do not depend on the weeks that are asked for with it."""
    together = drift(7, range(2_900, 2_930), 6, 70)

    for place in range(30):
        assert (drift(7, range(2_900 + place, 2_901 + place), 6, 70)[0] == together[place]).all()


def test_frequencies_change_slowly():
    """A subject changes less from one week to the next than within a quarter of a year."""
    found = drift(7, range(2_900, 2_960), 50, 70)

    assert abs(np.diff(found, axis=0)).mean() < abs(found[13:] - found[:-13]).mean() / 2
    free = found[:5, (found[:5] > 64).all(axis=0)]
    assert np.ptp(np.diff(free, axis=0), axis=0).max() < 8  # a straight line from knot to knot
    assert found.min() >= 64


@given(
    st.lists(st.lists(st.integers(1, 10**6), min_size=6, max_size=6), min_size=1, max_size=4),
    st.integers(1, 5),
)
@settings(max_examples=examples(60), deadline=None)
def test_entries_are_in_proportion(weights, edge):
    """Each section is full, and each subject has its share of it, to less than one entry."""
    weighed = np.array(weights, np.int64)

    found = entries(weighed, np.array([0, edge, 6]))

    assert found.shape == (len(weights), 2, SLOTS)
    for row, numbers in zip(found, weighed, strict=True):
        for section, (low, high) in enumerate(((0, edge), (edge, 6))):
            counts = np.bincount(row[section], minlength=6)
            shares = numbers[low:high] * SLOTS / numbers[low:high].sum()
            assert counts.sum() == counts[low:high].sum() == SLOTS
            assert (abs(counts[low:high] - shares) < 1).all()
