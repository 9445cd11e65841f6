"""Weights of scripts with which a bot has its outcomes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs.traffic.conversations.scripts import pool
from mockcbs.traffic.conversations.weighing import TABLE, Goal, Tail, weights
from mockcbs.traffic.turns import OUTCOMES
from tests.thoroughness import examples

SHARES = st.lists(st.integers(0, 60), min_size=len(OUTCOMES), max_size=len(OUTCOMES)).filter(any)


@given(SHARES, st.booleans(), st.integers(0, 30))
@settings(max_examples=examples(40), deadline=None)
def test_weights_meet_the_mix(mix, context, long):
    """Together with the long sessions, outcomes have the stated proportions; omitted ones have no weight."""
    tail = Tail(long, [7 * long * (share > 0) for share in mix], 0)

    found = weights(Goal(tuple(mix), 23, [0, 0], 0, tail), frozenset({0, 1, 2}), context=context)

    each = found @ pool().outcomes * TABLE + np.array(tail.outcomes) * found.sum()
    assert each / each.sum() == pytest.approx(np.array(mix) / sum(mix), abs=0.02)
    assert not each[np.equal(mix, 0)].any()
    assert not found[pool().base == 0].any()
