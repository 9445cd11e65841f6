"""Subjects that users ask about only in some weeks of the year, such as 双十一 in November."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mockcbs.traffic.turns import Ints

Flags = npt.NDArray[np.bool_]
Spans = tuple[tuple[int, int], ...]
"""Spans of every year: first and last day as numbers of four digits, such as 1111 for 11 November."""
_YEAR, _FADES, _ENDS = 365, 14, 3
"""The number of days in which a season begins; it ends so many times faster."""
_IN_SEASON, _OFF_SEASON = 6 * 1024, 1
"""The frequency of a subject in and outside its season, in 1024ths."""
_PEAK = 60
"""The number of 256 sessions that are about a category in its peak, beside those that are so anyway."""
_BEFORE_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


class Seasons(NamedTuple):
    """The subjects that have a season."""

    columns: Ints
    """The numbers of these subjects."""
    by_day: Ints
    """The frequency of each (columns) on each day of the year (rows); 1024 is usual."""
    over: Flags
    """Whether the season of each is over, and the next one is not near."""

    def factors(self, weeks: range) -> Ints:
        """The frequency of each of these subjects (columns) in each week (rows); 1024 is usual.

        Weeks are counted from that of 1970-01-01.
        """
        found: Ints = self.by_day[_days_of_year(7 * np.array(weeks))]  # Thursdays
        return found

    def is_over(self, subjects: Ints, day: Ints) -> Flags:
        """Whether the season of each of *subjects* has ended on that *day* (days since 1970)."""
        place = np.searchsorted(self.columns, subjects)
        place[place == len(self.columns)] = 0
        over: Flags = self.over[_days_of_year(day), place] & (self.columns[place] == subjects)
        return over


class Peaks(NamedTuple):
    """The question categories about which users ask more in some weeks."""

    categories: list[int]
    by_day: Flags
    """Whether users do so about each (columns) on each day of the year (rows)."""

    def of(self, day: Ints, chance: Ints) -> Ints:
        """The category in whose peak each session lies, given its *day* and a number below 256; else -1."""
        found = np.full(len(day), -1)
        dates = _days_of_year(day)
        for column, category in enumerate(self.categories):
            found[self.by_day[dates, column] & (chance // _PEAK == column)] = category
        return found


def peaks(categories: Sequence[str | None], seasons: Mapping[str, Spans]) -> Peaks:
    """The peaks of *categories*: those that *seasons* names."""
    found = [place for place, name in enumerate(categories) if name in seasons]
    days = [_days_away(np.arange(_YEAR), seasons[str(categories[place])]) == 0 for place in found]
    return Peaks(found, np.array(days, bool).reshape(-1, _YEAR).T)


def _days_of_year(day: Ints) -> Ints:
    date = day.astype("datetime64[D]")
    found: Ints = np.minimum((date - date.astype("datetime64[Y]")).astype(np.int64), _YEAR - 1)
    return found


def of(texts: Sequence[str], seasons: Mapping[str, Spans]) -> Seasons:
    """The seasons of subjects, by the words that their *texts* contain; the first word counts."""
    found = {
        place: spans
        for place, text in enumerate(texts)
        for word, spans in reversed([*seasons.items()])
        if word in text
    }
    number = {spans: place for place, spans in enumerate(dict.fromkeys(found.values()))}
    away = np.array([_days_away(np.arange(_YEAR), spans) for spans in number], np.int64)
    near = np.clip(_FADES - away.reshape(-1, _YEAR), 0, _FADES)
    by_day = _OFF_SEASON + (_IN_SEASON - _OFF_SEASON) * near.T // _FADES
    later = np.array([_days_until(np.arange(_YEAR), spans) for spans in number], np.int64)
    over = later.reshape(-1, _YEAR).T >= _FADES
    season = np.array([number[spans] for spans in found.values()], np.int64)
    return Seasons(np.array([*found], np.int64), by_day[:, season], over[:, season])


def _days_away(day: Ints, spans: Spans) -> Ints:
    """How many days each day of the year is before the next of *spans*; days after it count `_ENDS` times."""
    away = np.full(len(day), _YEAR)
    for first, last in ((_day_of_year(one), _day_of_year(other)) for one, other in spans):
        length = (last - first) % _YEAR
        since = (day - first) % _YEAR
        near = np.minimum(_ENDS * (since - length), _YEAR - since)
        away = np.minimum(away, np.where(since <= length, 0, near))
    return away


def _days_until(day: Ints, spans: Spans) -> Ints:
    """How many days each day of the year is before the next of *spans*; 0 within one."""
    until = np.full(len(day), _YEAR)
    for first, last in ((_day_of_year(one), _day_of_year(other)) for one, other in spans):
        since = (day - first) % _YEAR
        until = np.minimum(until, np.where(since <= (last - first) % _YEAR, 0, _YEAR - since))
    return until


def _day_of_year(date: int) -> int:
    """The number of days since 1 January, for a date such as 1111."""
    return _BEFORE_MONTH[date // 100 - 1] + date % 100 - 1
