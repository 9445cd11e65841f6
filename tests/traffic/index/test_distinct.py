"""Counts of distinct values against sets."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs.traffic.index.distinct import Distinct, Occurrences
from tests.thoroughness import examples


@st.composite
def columns(draw):
    """A column, short or long, and ascending bounds in it."""
    length = draw(st.integers(0, 300) | st.integers(32_760, 32_775) | st.integers(60_000, 80_000))
    values = np.random.default_rng(length).integers(-1, draw(st.integers(1, 3_000)), length)
    bounds = draw(st.lists(st.integers(0, length), min_size=2, max_size=8).map(sorted))
    return values.astype(np.int32), bounds


@given(columns())
@settings(max_examples=examples(60), deadline=None)
def test_slices_count_as_sets_without_negative_values(column):
    """Each slice counts the values of a set, whether it lies in one block or spans many."""
    values, bounds = column

    found = Distinct(values).count(np.array(bounds[:-1]), np.array(bounds[1:]))

    parts = [values[low:high] for low, high in pairwise(bounds)]
    assert found.tolist() == [len(set(part[part >= 0].tolist())) for part in parts]


@given(columns(), st.lists(st.integers(0, 3_000), unique=True, max_size=20).map(sorted))
@settings(max_examples=examples(40), deadline=None)
def test_a_slice_knows_its_values(column, wanted):
    """A slice has exactly the values that occur in it."""
    values, bounds = column

    found = Occurrences(values).has(np.array(wanted, np.int32), bounds[0], bounds[-1])

    assert found.tolist() == [value in set(values[bounds[0] : bounds[-1]].tolist()) for value in wanted]
