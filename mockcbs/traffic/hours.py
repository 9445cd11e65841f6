"""The hours of one bot: those of its character, earlier or later, longer or shorter, with peaks and a dip.

They change smoothly, like the habits of a workplace, and keep what is typical of the character: its busiest
part of the day, and its quietest.
"""

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.bits import Words
from mockcbs.traffic.turns import Ints

_ONE = 1024
_SHIFT, _BEND = 1024, 1350
"""How much earlier or later the whole day of a bot is at most, and each part of it, in 1024ths of an hour."""
_BENDS, _LEVELS = 4, 3
"""The number of hours after which parts of the day begin that are earlier, and that are busier."""
_LOWEST, _HIGHEST = 460, 1620
"""The bounds of how busy a part of the day is compared with that of other bots, in 1024ths."""
_PEAKS = (1, 1, -2)
"""Two hours of a day at which a bot is busier than others, and one at which it is less busy: half as much."""
_SHORT, _LONG = _ONE, 3 * _ONE
"""The bounds of the time for which a peak or dip rises, and then falls, in 1024ths of an hour."""
_LOW, _HIGH = 900, 1600
"""The bounds of the height of a peak, in 1024ths of how busy the bot is otherwise."""
_DAWN, _NIGHT, _HALF_DAY = 7, 23, 12 * _ONE
"""The hours between which peaks and dips are, and half a day in 1024ths of an hour."""
_PARTS, _ROUNDS = 4, 3
"""Morning, afternoon, evening and night (the first begins at dawn), and how often they are corrected."""


def own_hours(usual: Ints, shift: Words, words: Words) -> Ints:
    """The *usual* hours of a day, changed for one bot by its words: one for the whole day and some others."""
    chosen = iter(words)

    def draw(low: int, high: int, count: int = 1) -> Ints:
        return low + bits.below(np.array([next(chosen) for _ in range(count)]), high - low)

    hour = np.arange(24)
    late: Ints = bits.below(shift, 2 * _SHIFT) - _SHIFT + _between(draw(-_BEND, _BEND, 24 // _BENDS), _BENDS)
    whole, part = np.divmod(hour * _ONE + late, _ONE)
    hours: Ints = (usual[whole % 24] * (_ONE - part) + usual[(whole + 1) % 24] * part) >> 10
    hours = hours * _between(draw(_LOWEST, _HIGHEST, 24 // _LEVELS), _LEVELS) >> 10
    for sign in _PEAKS:
        at, reach, height = draw(_DAWN * _ONE, _NIGHT * _ONE), draw(_SHORT, _LONG), draw(_LOW, _HIGH)
        away = abs((hour * _ONE - at + _HALF_DAY) % (2 * _HALF_DAY) - _HALF_DAY)
        hours = hours * (_ONE + np.maximum(0, reach - away) * height // (reach * sign)) >> 10
    return _balanced(hours, usual)


def _balanced(hours: Ints, usual: Ints) -> Ints:
    """*hours* after making each part of the day about as busy, compared with the others, as in *usual*."""
    part = 24 // _PARTS
    for _ in range(_ROUNDS):
        own, wanted = (np.roll(one, -_DAWN).reshape(_PARTS, part).sum(axis=1) for one in (hours, usual))
        factor = np.roll(_between(wanted * _ONE // np.maximum(1, own), part), _DAWN + part // 2)
        hours = hours * factor >> 10
    return hours


def _between(knots: Ints, once: int) -> Ints:
    """The value in each hour of a day if *knots* follow each other *once* in so many hours."""
    low, part = np.divmod(np.arange(24), once)
    value: Ints = (knots[low] * (once - part) + knots[(low + 1) % len(knots)] * part) // once
    return value
