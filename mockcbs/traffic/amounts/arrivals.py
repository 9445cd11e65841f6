"""When the sessions of a day begin."""

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.bits import Words
from mockcbs.traffic.periods import HOUR
from mockcbs.traffic.turns import Ints

_HALF = HOUR // 2
_MIXER = np.uint64(0x9E3779B97F4A7C15)
_ANY_PART = 9
_PARTS_BESIDE = np.array([-1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, *[_ANY_PART] * 4], np.int64)
"""How many eighths of a day later than usual users come, for 16 sessions; some come at any time."""


def parts(counts: Ints, topics: Words) -> Ints:
    """The eighth of the day's sessions into which each session should fall, or -1 for any, given its word.

    Most users come in the same part of the day every time.
    """
    begins = -(-counts[:, None] * np.arange(9) // 8)
    part = np.repeat(np.tile(np.arange(8), len(counts)), np.diff(begins, axis=1).ravel())
    step = _PARTS_BESIDE.take(bits.field(topics, 8, 4))
    return np.where(step == _ANY_PART, -1, part + step & 7)


def instants(words: Words, counts: Ints, cells: Ints, edges: Ints) -> Ints:
    """The begins of sessions whose users do not know each other, as ms since the first midnight, in the order
    of *words*.

    *cells* and *edges* are those of `Rates.of`.
    """
    pieces = _pieces(cells, edges)
    whole = pieces.sum(axis=(1, 2))
    unit = np.maximum(1, whole >> 31)  # numbers of at most 32 bits
    before = np.repeat(np.cumsum(whole) - whole, counts)
    share = bits.below(words, np.repeat(whole // unit, counts)) * np.repeat(unit, counts)
    place = np.searchsorted(np.cumsum(pieces), before + share, side="right")
    # The difference of two uniform numbers is distributed like a slope: the larger, the rarer, down to none.
    apart = abs(bits.below(words << np.uint64(32), _HALF) - bits.below(words * _MIXER, _HALF))
    begins: Ints = (place + 1 >> 1) * _HALF + (apart ^ -(place & 1))  # odd pieces rise to their end
    return begins


def _pieces(cells: Ints, edges: Ints) -> Ints:
    """The sizes of the four slopes of each hour: down from its begin, up to its middle, down again and up
    to its end.

    Together they have four times the size of the hour, and a rate that changes at a constant speed from the
    begin to the middle, and from there to the end.
    """
    begin, end = edges[:, :-1], edges[:, 1:]
    middle = 4 * cells - begin - end
    return np.stack((begin, middle // 2, middle - middle // 2, end), axis=2)
