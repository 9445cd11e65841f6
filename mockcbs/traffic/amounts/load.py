"""How much longer answers take in busy hours.

Most of the load is that of the platform, which is the same for all bots.
"""

from functools import cache

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.amounts.characters import CHARACTERS, DRAWN
from mockcbs.traffic.amounts.incidents import ONE
from mockcbs.traffic.turns import Ints

_IDLE, _LOADED, _MAX_BUSY = 610, 384, 2
"""The latency without load, what a usual busy hour adds, and the number of such hours that add at most."""
_SHARED = 5
"""How much more than that of the bot the load of the platform counts."""
_LEAST_NOISE = 768
"""The minimum factor by which an hour of the platform differs from that of other days."""
_BROWN_OUTS = 280
"""The number of 65536 hours in which the answers of all bots, or of one, take 1.5 to 3.5 times as long."""
_CHINA = 8
"""The hours that the users of the platform are ahead of UTC."""


class Load:
    """The load of one bot."""

    def __init__(self, key: int, platform: int, usual: Ints, *, has_brown_outs: bool) -> None:
        """*platform* is the key of what all bots share, *usual* has the sizes of the hours of a working day.

        *has_brown_outs* is whether there are hours in which answers are slow though nothing fails.
        """
        self._keys, self._busy_hour = (platform + 15, key), _busy_hour(usual) * ONE
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
        shared = _platform()[hours % 24] * noise >> 10
        slower: Ints = _IDLE + ((busy.ravel() + _SHARED * shared) * _LOADED // (1 + _SHARED) >> 10)
        if self._has_brown_outs:
            for word in words:
                rows = np.flatnonzero(bits.field(word, 0, 16) < _BROWN_OUTS)
                slower[rows] = slower[rows] * (1500 + bits.field(word[rows], 53, 11)) >> 10
        return slower.reshape(len(days), 24)


def _busy_hour(hours: Ints) -> int:
    """The size of the hour in which the mean session begins; a mean of all hours would count the nights."""
    return max(1, int((hours * hours).sum()) // max(1, int(hours.sum())))


@cache
def _platform() -> Ints:
    """The load of the platform in each UTC hour of a day; 1024 is that of a usual busy hour."""
    hours = np.sum([CHARACTERS[name].working_day for name in DRAWN], axis=0)
    load: Ints = np.roll(hours, -_CHINA) * ONE // _busy_hour(hours)
    return load
