"""Ids of generated sessions."""

import uuid
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcbs.traffic.session_ids import begun, decimals, uuid4s

START = 1_700_000_000_000
MANY = np.arange(20_000)


@given(st.integers(0, 2**42), st.integers(0, 2**28 - 1), st.integers(0, 2**64 - 1))
def test_ids_contain_the_begin_of_the_session(start, ordinal, key):
    """A UUID gives the millisecond back, a decimal id the second."""
    (random_id,), (number,) = (
        form(np.array([start]), np.array([ordinal]), key) for form in (uuid4s, decimals)
    )

    assert begun(random_id) == start
    assert begun(number) == start // 1000 * 1000


def test_uuids_look_random():
    """UUIDs have version 4; each bit is set in half of them, and no part counts or repeats."""
    made = [uuid.UUID(one) for one in uuid4s(START + MANY, MANY, 7)]

    assert {(one.version, one.variant) for one in made} == {(4, uuid.RFC_4122)}
    free = [bit for bit in range(128) if bit not in {62, 63, *range(76, 80)}]
    for bit in free:
        ones = [one.int >> bit & 1 for one in made]
        assert 0.47 < sum(ones) / len(made) < 0.53
        assert 0.47 < np.mean([a != b for a, b in pairwise(ones)]) < 0.53
    for low, high in ((0, 48), (48, 62), (80, 128)):
        parts = [one.int >> low & (1 << high - low) - 1 for one in made]
        assert len(set(parts)) > 0.5 * min(len(made), 1 << high - low)
        assert 0.4 < np.mean([b > a for a, b in pairwise(parts)]) < 0.6


def test_decimal_ids_do_not_count():
    """Decimal ids ascend with the begin, differ within a millisecond, and their last digits are random."""
    made = [int(one) for one in decimals(START + 7 * MANY, MANY, 7)]
    together = decimals(np.full(20_000, START), MANY, 7)

    assert made == sorted(made)
    assert len(set(together)) == len(together)
    for digits in (10, 100):
        steps = np.bincount(np.diff(made) % digits, minlength=digits)
        assert steps.max() < 2 * steps.mean()


@pytest.mark.parametrize(
    "text", ["session-000001", "9" * 21, "01a04ad1-3e48-7000-8000-04245fdc306e", "", "\u0663"]
)
def test_no_session_id(text):
    """A text that cannot be a generated id has no begin."""
    assert begun(text) is None
