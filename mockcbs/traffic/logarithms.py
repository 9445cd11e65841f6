"""Binary logarithms and powers of two in whole numbers, so that they are the same on every platform."""

from bisect import bisect_right
from functools import cache
from math import isqrt

import numpy as np

from mockcbs.traffic.turns import Ints

OCTAVE = 1024
"""The logarithm of 2, because all logarithms are in 1024ths."""
MAX_OCTAVES = 30


def log2(number: int) -> int:
    """The binary logarithm of a positive *number*, in 1024ths."""
    whole = number.bit_length() - 1
    return whole * OCTAVE + bisect_right(_powers(), (number << 40) >> whole) - 1


def exp2(logarithms: Ints) -> Ints:
    """The numbers of these *logarithms*: at least 1, at most 2**30."""
    limited = np.clip(logarithms, 0, MAX_OCTAVES * OCTAVE)
    numbers: Ints = _table()[limited & (OCTAVE - 1)] << (limited >> 10) >> 20
    return numbers


@cache
def _powers() -> tuple[int, ...]:
    """2**(n/1024) for n from 0 to 1023, times 2**40."""
    roots = [1 << 41]
    while len(roots) <= OCTAVE.bit_length() - 1:
        roots.append(isqrt(roots[-1] << 40))
    powers = []
    for n in range(OCTAVE):
        power = 1 << 40
        for place, root in enumerate(reversed(roots[1:])):
            if n >> place & 1:
                power = power * root >> 40
        powers.append(power)
    return tuple(powers)


@cache
def _table() -> Ints:
    return np.array([power >> 20 for power in _powers()], np.int64)
