"""How much longer answers take in busy hours: those of the pool of machines that serves the bot.

The traffic of one bot is too small to matter to a pool.
"""

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.amounts import calendar
from mockcbs.traffic.amounts.characters import CHARACTERS, DRAWN
from mockcbs.traffic.amounts.hours import WORDS, own_hours
from mockcbs.traffic.amounts.incidents import ONE
from mockcbs.traffic.turns import Ints

_BUSY, _LOADED = 1040, (230, 460)
"""The latency in a usual busy hour, and how much of it comes from the load; each pool draws a number between
these bounds.
"""
_FREE_PERCENT = 70
"""The load on weekends and holidays, in percent of that at the same hour of a working day."""
_LEAST_NOISE = 768
"""The minimum factor by which an hour of a pool differs from that of other days."""
_BROWN_OUTS = 280
"""The number of 65536 hours in which the answers of a pool, or of one bot, take 1.5 to 3.5 times as long."""
_CHINA = 8
"""The hours that the users of both services are ahead of UTC."""


class Load:
    """The load of the pool that serves one bot."""

    def __init__(self, key: int, pool: int, *, has_brown_outs: bool, has_holidays: bool = True) -> None:
        """*key* is that of the bot, *pool* that of what the bots of a pool share.

        *has_brown_outs* is whether there are hours in which answers are slow though nothing fails,
        *has_holidays* whether public holidays are calm.
        """
        self._keys = (pool, key)
        self._hours = _hours_of(pool + 1)
        low, high = _LOADED
        self._loaded = low + int(bits.below(bits.words(pool + 2, [0]), high - low + 1)[0])
        self._has_brown_outs, self._has_holidays = has_brown_outs, has_holidays

    def of(self, days: range) -> Ints:
        """The factor of the latency in each UTC hour (columns) of *days* (rows); 1024 is usual."""
        hours = np.arange(24 * days.start, 24 * days.stop)
        words = [bits.words(key, hours) for key in self._keys]
        noise = _LEAST_NOISE + bits.field(words[0], 55, 9)
        load = self._hours[hours % 24] * noise >> 10
        works = calendar.are_worked((hours + _CHINA) // 24, has_holidays=self._has_holidays)
        load = np.where(works, load, load * _FREE_PERCENT // 100)
        slower: Ints = _BUSY + ((load - ONE) * self._loaded >> 10)
        if self._has_brown_outs:
            for word in words:
                rows = np.flatnonzero(bits.field(word, 0, 16) < _BROWN_OUTS)
                slower[rows] = slower[rows] * (1500 + bits.field(word[rows], 53, 11)) >> 10
        return slower.reshape(len(days), 24)


def _hours_of(pool: int) -> Ints:
    """The load of a pool in each UTC hour of a working day; 1024 is that of a usual busy hour."""
    usual = np.sum([CHARACTERS[name].working_day for name in DRAWN], axis=0)
    hours = own_hours(usual, (), None, bits.words(pool, np.arange(WORDS)))
    busy = int((hours * hours).sum()) // int(hours.sum())  # the hour in which the mean session begins
    load: Ints = np.roll(hours, -_CHINA) * ONE // busy
    return load
