"""Logarithms in whole numbers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcbs.traffic.logarithms import MAX_OCTAVES, OCTAVE, exp2, log2


@given(st.integers(1, 2**80))
def test_logarithms_are_right_to_their_last_digit(number):
    """A logarithm is the whole number below the exact one."""
    assert log2(number) == pytest.approx(math.log2(number) * OCTAVE, abs=1.01)


@given(st.integers(0, MAX_OCTAVES * OCTAVE))
def test_powers_undo_logarithms(logarithm):
    """The power of a logarithm is the original number."""
    assert exp2(np.array([logarithm]))[0] == pytest.approx(2 ** (logarithm / OCTAVE), rel=1e-5, abs=1)


def test_powers_have_limits():
    """A power beyond the limits has the value of the limit."""
    assert exp2(np.array([-5, 0, 99 * OCTAVE])).tolist() == [1, 1, 2**MAX_OCTAVES]
