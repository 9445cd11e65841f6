"""How much longer answers take in busy hours.

Most of the load is that of a pool of machines, which is the same for all bots that it serves.
"""

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.amounts.characters import CHARACTERS, DRAWN
from mockcbs.traffic.amounts.hours import WORDS, own_hours
from mockcbs.traffic.amounts.incidents import ONE
from mockcbs.traffic.turns import Ints

_BUSY, _MAX_BUSY = 1014, 2
"""The latency in a usual busy hour, and the number of such hours that count at most."""
_LOADED = (230, 460)
"""How much of that latency comes from the load; each pool draws a number between these bounds."""
_SHARED = 2
"""How much more than that of the bot the load of the pool counts."""
_LEAST_NOISE = 768
"""The minimum factor by which an hour of a pool differs from that of other days."""
_BROWN_OUTS = 280
"""The number of 65536 hours in which the answers of a pool, or of one bot, take 1.5 to 3.5 times as long."""
_CHINA = 8
"""The hours that the users of both services are ahead of UTC."""


class Load:
    """The load of one bot."""

    def __init__(self, key: int, pool: int, usual: Ints, *, has_brown_outs: bool) -> None:
        """*pool* is the key of what its bots share, *usual* has the sizes of the hours of a working day.

        *has_brown_outs* is whether there are hours in which answers are slow though nothing fails.
        """
        self._keys, self._busy_hour = (pool, key), _busy_hour(usual) * ONE
        self._pool = _hours_of(pool + 1)
        low, high = _LOADED
        self._loaded = low + int(bits.below(bits.words(pool + 2, [0]), high - low + 1)[0])
        self._has_brown_outs = has_brown_outs

    def of(self, days: range, cells: Ints, level: Ints) -> Ints:
        """The factor of the latency in each hour of *days* (rows); 1024 is usual.

        *cells* are the sizes of these hours. *level* is the traffic of the months of each day, with which the
        capacity of a bot grows.
        """
        hours = np.arange(24 * days.start, 24 * days.stop)
        words = [bits.words(key, hours) for key in self._keys]
        busy = np.minimum(cells * ONE // (np.maximum(1, level)[:, None] * self._busy_hour), _MAX_BUSY * ONE)
        noise = _LEAST_NOISE + bits.field(words[0], 55, 9)
        shared = self._pool[hours % 24] * noise >> 10
        load = (busy.ravel() + _SHARED * shared) // (1 + _SHARED)
        slower: Ints = _BUSY + ((load - ONE) * self._loaded >> 10)
        if self._has_brown_outs:
            for word in words:
                rows = np.flatnonzero(bits.field(word, 0, 16) < _BROWN_OUTS)
                slower[rows] = slower[rows] * (1500 + bits.field(word[rows], 53, 11)) >> 10
        return slower.reshape(len(days), 24)


def _busy_hour(hours: Ints) -> int:
    """The size of the hour in which the mean session begins; a mean of all hours would count the nights."""
    return max(1, int((hours * hours).sum()) // max(1, int(hours.sum())))


def _hours_of(pool: int) -> Ints:
    """The load of a pool in each UTC hour of a day; 1024 is that of a usual busy hour."""
    usual = np.sum([CHARACTERS[name].working_day for name in DRAWN], axis=0)
    hours = own_hours(usual, (), None, bits.words(pool, np.arange(WORDS)))
    load: Ints = np.roll(hours, -_CHINA) * ONE // _busy_hour(hours)
    return load
