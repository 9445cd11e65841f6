"""The hours of one bot: those of its character, with a begin, an end and peaks of its own.

They change smoothly, like the habits of a workplace, and keep what is typical of the character: its busiest
part of the day, and its quietest. Noon stays where it is, as all of China eats at the same time.
"""

from enum import IntEnum

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.amounts.characters import Character
from mockcbs.traffic.bits import Words
from mockcbs.traffic.bots import Profile
from mockcbs.traffic.logarithms import OCTAVE, exp2
from mockcbs.traffic.turns import Ints

Span = tuple[int, int]
Spans = tuple[Span, ...]
_ONE = 1024
_LATE = np.array([1200, 1000, 1500, 160, 700, 1000])
"""How much earlier or later the day of a bot is at most at 0:00, 4:00 … 20:00, in 1024ths of an hour."""
_LEVEL = np.array([900, 900, 900, 1100, 410, 1100, 300, 700])
"""How much busier or less busy it is at most at 0:00, 3:00 … 21:00, in 1024ths of an octave."""
_UNEVEN, _UNEVEN_BESIDE_LUNCH = 170, 760
"""The same for each single hour, and for those of bots whose noon is alike."""
_SHORT, _LONG = _ONE, 2 * _ONE
"""The bounds of the time for which a peak rises, and then falls, in 1024ths of an hour."""
_HEIGHT = (0, 1100)
"""The bounds of the height of a peak, in 1024ths of how busy the bot is otherwise."""
_DAY = 24 * _ONE
_MOST = 8
"""If more than one in so many sessions falls into an hour, a third of what is above it does."""
_DAWN, _PARTS, _ROUNDS = 7, 4, 3
"""Morning, afternoon, evening and night (the first begins at dawn), and how often they are corrected."""
_BEGIN = (50, 60)
"""The bounds of the sessions from 12:00 to 13:00, in percent of those from 12:00 to 13:30."""
WORDS = 56
"""The number of words on which the hours of a bot depend."""
SHARES = 100_000
"""The sum of the relative numbers of the hours of a day."""
_NOON = 13
"""The hour from which users leave before a long holiday."""
SALES = (618, 1111)
"""The days (as numbers of month and day) of the two large sales of shops, which begin at 20:00 of the evening
before and at 0:00, and end at 24:00.
"""
_SALE_EVE = np.array([100] * 20 + [250, 200, 140, 190])
_SALE = np.array([520, 340, 220, 150, 120, 100, 100, *[100] * 13, 150, 120, 120, 210])
"""The sessions of each hour of such an evening and of such a day, in percent of those of a free day."""


class Day(IntEnum):
    """The kinds of days that have hours of their own."""

    WORKING = 0
    FREE = 1
    LEAVES = 2
    """The last day before a long holiday."""
    SALE_EVE = 3
    SALE = 4


def hours_of_days(profile: Profile, character: Character, leaves: int, words: Words) -> Ints:
    """The relative number of sessions in each local hour (columns) of each kind of `Day` (rows).

    *leaves* are the sessions of the last afternoon before a long holiday, in percent of another afternoon.
    The hours of other days have a sum of about `SHARES`. What is not stated depends on *words*.
    """
    working = np.array(profile.hours or character.working_day, np.int64) * _ONE
    if profile.hours is None:
        working = own_hours(working, character.peaks, character.lunch, words)
    free = np.array(profile.free_hours or character.free_day, np.int64) * _ONE
    if profile.free_hours is None:
        free = own_hours(free, character.free_peaks, None, words)
    working, free, eve, sale = (
        hours * SHARES // max(1, int(hours.sum()))
        for hours in (working, free, free * _SALE_EVE, free * _SALE)
    )
    late = np.where(np.arange(24) < _NOON, 100, leaves)
    return np.stack([working, free, working * late // 100, eve, sale])


def own_hours(usual: Ints, peaks: Spans, lunch: Span | None, words: Words) -> Ints:
    """The *usual* hours of a day, changed for one bot by its `WORDS` words. A bot with a noon has no second
    hole in the afternoon.

    Each of *peaks* states between which hours one lies that is busier than usual. *lunch* states between what
    bounds the sessions from 12:00 to 13:30 are, in percent of those from 14:00 to 15:30.
    """
    late, level, uneven, rest = np.split(words, np.cumsum([len(_LATE), len(_LEVEL), 24]))
    hour = np.arange(24)
    whole, part = np.divmod(hour * _ONE + _between(bits.signed(late) * _LATE >> 10), _ONE)
    hours: Ints = (usual[whole % 24] * (_ONE - part) + usual[(whole + 1) % 24] * part) >> 10
    hours = hours * _between(exp2(10 * OCTAVE + (bits.signed(level) * _LEVEL >> 10))) >> 10
    single = bits.signed(uneven) * (_UNEVEN_BESIDE_LUNCH if lunch else _UNEVEN) >> 10
    hours = hours * exp2(10 * OCTAVE + single) >> 10
    for place, (first, last) in enumerate(peaks):
        at, reach, height = _drawn(rest[3 * place :], (first * _ONE, last * _ONE), (_SHORT, _LONG), _HEIGHT)
        away = abs((hour * _ONE + _ONE // 2 - at + _DAY // 2) % _DAY - _DAY // 2)
        hours = hours * (_ONE + np.maximum(0, reach - away) * height // reach) >> 10
    if lunch is None:
        return _balanced(hours, usual)
    most = hours.sum() // _MOST
    hours = np.minimum(hours, most + (hours - most) // 3)
    share, begin = _drawn(rest[-2:], lunch, _BEGIN)
    whole_break = (hours[14] + hours[15] // 2) * share // 100
    hours[12], hours[13] = whole_break * begin // 100, 2 * whole_break * (100 - begin) // 100
    hours[10:12] = np.maximum(hours[10:12], hours[12] * 4 // 3)
    hours[15:17] = np.maximum(hours[15:17], np.minimum(hours[14:16], hours[16:18]) * 3 // 4)
    return hours


def _balanced(hours: Ints, usual: Ints) -> Ints:
    """*hours* after making each part of the day about as busy, compared with the others, as in *usual*."""
    part = 24 // _PARTS
    for _ in range(_ROUNDS):
        own, wanted = (np.roll(one, -_DAWN).reshape(_PARTS, part).sum(axis=1) for one in (hours, usual))
        factor = np.roll(_between(wanted * _ONE // np.maximum(1, own)), _DAWN + part // 2)
        hours = hours * factor >> 10
    return hours


def _drawn(words: Words, *bounds: Span) -> list[int]:
    """A number between each of these *bounds*, both included."""
    low, high = np.array(bounds).T
    found: list[int] = (low + bits.below(words[: len(bounds)], high - low + 1)).tolist()
    return found


def _between(knots: Ints) -> Ints:
    """The value in each hour of a day if *knots* follow each other at equal times."""
    once = 24 // len(knots)
    low, part = np.divmod(np.arange(24), once)
    value: Ints = (knots[low] * (once - part) + knots[(low + 1) % len(knots)] * part) // once
    return value
