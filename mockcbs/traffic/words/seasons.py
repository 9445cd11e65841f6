"""Subjects that users ask about only in some weeks of the year, such as 双十一 in November.

Interest rises for weeks, is highest for some days, and fades for some more. The tables of subjects are those
of a week, so they hold what its best day needs; of the other days, some questions are about something else.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mockcbs.traffic.bits import Words
from mockcbs.traffic.knowledge import Spans
from mockcbs.traffic.turns import Ints

Flags = npt.NDArray[np.bool_]
_YEAR, _ONE = 365, 1024
_RISES, _FADES = 14, 10
"""The number of days in which interest rises before the first day of a span of two, and fades after it."""
_IN_SEASON, _OFF_SEASON = 6 * _ONE, 1
"""The frequency of a subject in and outside its season, in 1024ths."""
_PEAK = 60
"""The number of 256 sessions that are about a category in its peak, beside those that are so anyway."""
_BEFORE_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_MIXER, _SUBJECT = np.uint64(0xD6E8FEB86659FD93), np.uint64(0x9E3779B97F4A7C15)


class Seasons(NamedTuple):
    """The subjects that have a season."""

    columns: Ints
    """The numbers of these subjects."""
    by_day: Ints
    """The frequency of each (columns) on each day of the year (rows); 1024 is usual."""
    best: Ints
    """The same on the best day of the seven around each day."""

    def factors(self, weeks: range) -> Ints:
        """The frequency of each of these subjects (columns) on the best day of each week (rows); 1024 is
        usual.

        Weeks are counted from that of 1970-01-01.
        """
        found: Ints = self.best[_days_of_year(7 * np.array(weeks))]  # Thursdays
        return found

    def are_unasked(self, subjects: Ints, week: Ints, day: Ints, words: Words) -> Flags:
        """Whether questions from the table of a *week* that are about *subjects* are not asked on their *day*
        (days since 1970), as fewer users ask about these subjects than on the best day of that week.

        *words* are random; the same ones give the same answer. Subjects without a season are asked.
        """
        if not len(self.columns):
            return np.zeros(len(subjects), np.bool_)
        place = np.minimum(np.searchsorted(self.columns, subjects), len(self.columns) - 1)
        best = self.best[_days_of_year(7 * week), place]
        mixed = (words ^ subjects.view(np.uint64) * _SUBJECT) * _MIXER
        drawn = (mixed >> np.uint64(48)).astype(np.int64)
        now = self.by_day[_days_of_year(day), place]
        now[now <= _OFF_SEASON] = 0
        unasked: Flags = (drawn * best >= now << 16) & (self.columns[place] == subjects)
        return unasked

    def shares(self, weeks: range) -> Ints:
        """`factors` compared with those in season, for which 1024 stands."""
        return self.factors(weeks) * _ONE // _IN_SEASON


class Peaks(NamedTuple):
    """The question categories about which users ask more in some weeks."""

    categories: list[int]
    table: Ints
    """On each day of the year (rows), the category about which each of 256 sessions (columns) is because of
    its peak; else -1.
    """

    def of(self, day: Ints, chance: Ints) -> Ints:
        """The category in whose peak each session lies, given its *day* and a number below 256; else -1."""
        found: Ints = self.table[_days_of_year(day), chance]
        return found


def peaks(categories: Sequence[str | None], seasons: Mapping[str, Spans]) -> Peaks:
    """The peaks of *categories*: those that *seasons* names."""
    found = [place for place, name in enumerate(categories) if name in seasons]
    heights = np.array([_interest(seasons[str(categories[place])]) for place in found], np.int64)
    edges = np.cumsum(_PEAK * heights.reshape(-1, _YEAR).T // _ONE, axis=1)
    place = (np.arange(256) >= edges[:, :, None]).sum(axis=1)
    return Peaks(found, np.array([*found, -1])[place])


def of(texts: Sequence[str], seasons: Mapping[str, Spans]) -> Seasons:
    """The seasons of subjects, by the words that their *texts* contain; the first word counts."""
    found = {
        place: spans
        for place, text in enumerate(texts)
        for word, spans in reversed([*seasons.items()])
        if word in text
    }
    number = {spans: place for place, spans in enumerate(dict.fromkeys(found.values()))}
    interest = np.array([_interest(spans) for spans in number], np.int64).reshape(-1, _YEAR).T
    by_day = _OFF_SEASON + (_IN_SEASON - _OFF_SEASON) * interest // _ONE
    season = np.array([number[spans] for spans in found.values()], np.int64)
    best = np.max([np.roll(by_day, shift, axis=0) for shift in range(-3, 4)], axis=0)
    return Seasons(np.array([*found], np.int64), by_day[:, season], best[:, season])


def _interest(spans: Spans) -> Ints:
    """The interest on each day of the year: 1024 on the best days of *spans*, less before and after them."""
    interest = np.zeros(_YEAR, np.int64)
    for begin, *peak, end in spans:
        first, last = _day_of_year(begin), _day_of_year(end)
        rises, fades = (_RISES, _FADES)
        if peak:
            best = _day_of_year(peak[0])
            rises, fades = (best - first) % _YEAR, (last - best) % _YEAR
            first = last = best
        since = (np.arange(_YEAR) - first) % _YEAR
        later = since - (last - first) % _YEAR
        near = np.maximum(_near(_YEAR - since, rises), _near(later, fades))
        interest = np.maximum(interest, np.where(later <= 0, _ONE, near))
    return interest


def _near(away: Ints, reach: int) -> Ints:
    """The interest on days that are so many *away* from the best one: it falls to nothing, ever less."""
    part = np.maximum(0, reach - away) * _ONE // max(1, reach)
    near: Ints = part * part // _ONE
    return near


def _days_of_year(day: Ints) -> Ints:
    """The place of each *day* (days since 1970) in a year without a leap day."""
    if not len(day):
        return day
    first = int(day.min())
    date = np.arange(first, int(day.max()) + 1).astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    place = np.array(_BEFORE_MONTH)[month.astype(np.int64) % 12] + (date - month).astype(np.int64)
    found: Ints = place[day - first]
    return found


def _day_of_year(date: int) -> int:
    """The number of days since 1 January, for a date such as 1111."""
    return _BEFORE_MONTH[date // 100 - 1] + date % 100 - 1
