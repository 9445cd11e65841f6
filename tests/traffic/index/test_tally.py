"""Counts by kind in slices of a column."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs.traffic.index.tally import Tally
from tests.thoroughness import examples


@given(st.data())
@settings(max_examples=examples(30), deadline=None)
def test_tallies_agree_with_numpy_on_long_columns(data):
    """Slices that span many blocks count as a histogram does."""
    length = data.draw(st.integers(0, 30_000))
    kinds = data.draw(st.integers(1, 3_000))
    values = np.random.default_rng(length).integers(0, kinds, length).astype(np.int32)
    bounds = data.draw(st.lists(st.integers(0, length), min_size=2, max_size=8).map(sorted))
    start, stop = np.array(bounds[:-1]), np.array(bounds[1:])

    tally = Tally(values, kinds).counts(start, stop)

    slices = [values[low:high] for low, high in zip(start, stop, strict=True)]
    assert (tally == [np.bincount(part, minlength=kinds) for part in slices]).all()
