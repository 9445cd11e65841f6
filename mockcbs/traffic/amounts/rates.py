"""How many sessions begin in each hour: days of the week, holidays, growth, campaigns, incidents.

All factors are whole numbers, with 1024 for an ordinary day.
"""

from math import isqrt
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from mockcbs.traffic import bits
from mockcbs.traffic.amounts import calendar
from mockcbs.traffic.amounts.calendar import Kind
from mockcbs.traffic.amounts.characters import Character
from mockcbs.traffic.amounts.hours import SALES, SHARES, WORDS, Day, hours_of_days
from mockcbs.traffic.amounts.incidents import ONE, Incidents
from mockcbs.traffic.amounts.load import Load
from mockcbs.traffic.amounts.releases import Releases
from mockcbs.traffic.bots import Incident, Profile
from mockcbs.traffic.periods import DAY, HOUR
from mockcbs.traffic.recent import Recent
from mockcbs.traffic.turns import Ints

_WHOLE_DAY = SHARES * ONE * ONE
_WAVE_DAYS, _TREND_DAYS = 70, 230
_MONTH = 30
_TOGETHER = 32
"""The number of days that are computed together."""
_MAX_MONTHS = 240
VARIATION_PERCENT, WAVE_PERCENT = (8, 15), (18, 34)
CAMPAIGN_DAYS, INCIDENT_DAYS = (35, 60), (70, 140)
"""The bounds between which each bot draws what its profile omits; see `Profile`."""
_LONG_HOLIDAY = 4
"""The number of days off in a row before which users leave early, and after which many come back."""
_EVE, _LAST_DAY = 88, 125
"""The sessions of the day before a shorter holiday, and of the last day of a long one, in percent of other
such days.
"""
_POOLS = 3
"""The number of pools of machines of a platform; each has its own versions, busy hours and slow hours."""
_MAX_GROWTH = 1000
"""Growth ends when the sessions at its begin have multiplied by this number."""


class Amounts(NamedTuple):
    """How much happens on some UTC days."""

    cells: Ints
    """The relative sizes of the hours (columns) of the days (rows)."""
    counts: Ints
    """The number of sessions that begin on each day."""
    reach: Ints
    """The relative number of users on each day: 1024 without growth and campaigns."""
    load: Ints
    """The factor of the latency in each hour; 1024 is usual."""
    edges: Ints
    """The rate at the begin of each hour, and at the end of the day."""


class Rates:
    """The sessions of one bot by day and hour."""

    def __init__(
        self, key: int, sessions_per_day: int, profile: Profile, character: Character, platform: int = 0
    ) -> None:
        """*platform* is the key of what the bots of one service share: incidents, and pools of machines."""
        self._key, self._sessions_per_day = key, sessions_per_day
        self._profile, self._character = profile, character
        self._own = bits.words(key, np.arange(100))
        leaves = self._drawn(*character.before_holidays, 75)
        self._curves = hours_of_days(profile, character, leaves, bits.words(key + 17, np.arange(WORDS)))
        self._back = self._drawn(*character.after_holidays, 76)
        self._by_kind = self._percents()
        self._set_habits(profile)
        pool = bits.key(platform, self._drawn(1, _POOLS, 77))
        self._load = Load(
            key + 15,
            pool,
            has_brown_outs=self._incident_days > 0,
            has_holidays=profile.calendar == "china",
        )
        self.releases = Releases(key + 6, pool + 16, profile.release_percent)
        self.incidents = Incidents(key + 4, platform, profile, self._incident_days, self._curves[0])
        self._recent = Recent[Amounts](_TOGETHER)
        self._growth = _growth(profile.growth_percent)

    def _set_habits(self, profile: Profile) -> None:
        """Set how much this bot's days and months differ, and how often campaigns and incidents occur."""

        def given(stated: int | None, place: int, bounds: tuple[int, int]) -> int:
            return self._drawn(*bounds, place) if stated is None else stated

        self._variation = given(profile.variation_percent, 70, VARIATION_PERCENT)
        self._wave_size = given(profile.wave_percent, 71, WAVE_PERCENT)
        self._campaign_days = given(profile.campaign_days, 73, CAMPAIGN_DAYS)
        self._incident_days = given(profile.incident_days, 74, INCIDENT_DAYS)

    def _drawn(self, low: int, high: int, place: int) -> int:
        """A number of this bot between *low* and *high*, both included."""
        return low + int(self._own[place] >> np.uint64(40)) * (high - low + 1) // (1 << 24)

    def of(self, days: range) -> Amounts:
        """How much happens on *days* (days since 1970)."""
        known, amounts = self._recent.around(days, self._computed)
        place = slice(days.start - known.start, days.stop - known.start)
        return Amounts(*(one[place] for one in amounts))

    def _computed(self, days: range) -> Amounts:
        cells, edges = self._cells(days)
        load = self._load.of(days) * self.releases.latency(days) >> 10
        return Amounts(cells, self._counts(days, cells), self._reach(days), load, edges)

    def _cells(self, days: range) -> tuple[Ints, Ints]:
        """The sizes of all hours, and the rates where they meet: the mean, unless one is much busier."""
        zone = self._profile.utc_offset
        hours = np.arange(24 * days.start - 1, 24 * days.stop + 1)
        local = hours * HOUR + zone
        local_days = np.arange(days.start + zone // DAY - 1, days.stop + zone // DAY + 3)
        levels, free = self._levels(local_days)
        place = local // DAY - int(local_days[0])
        noise = 870 + ((bits.words(self._key + 1, hours) >> np.uint64(56)).astype(np.int64) * 308 >> 8)
        found = self._curves[free[place], local // HOUR % 24] * levels[place] * noise
        for incident in self.incidents.on(range(days.start - 2, days.stop + 1)):
            _raise(found, incident, hours)
        before, after = found[:-1], found[1:]
        meet = np.minimum((before + after) // 2, 2 * np.minimum(before, after))
        edges = np.concatenate((meet[:-1].reshape(-1, 24), meet[24::24, None]), axis=1)
        return found[1:-1].reshape(-1, 24), edges

    def _counts(self, days: range, cells: Ints) -> Ints:
        """The number of sessions that begin on each day, with the chance variation of independent users."""
        each_day = np.arange(days.start, days.stop)
        expected = (cells.sum(axis=1) >> 12) * self._sessions_per_day // (_WHOLE_DAY >> 24)  # in 4096ths
        spread = np.array([isqrt(number << 12) for number in expected.tolist()], np.int64)
        chance = bits.normal(bits.words(self._key + 2, each_day))
        rounding = (bits.words(self._key + 3, each_day) >> np.uint64(52)).astype(np.int64)
        counts: Ints = np.maximum(0, expected + (spread * chance >> 6) + rounding) >> 12
        return counts

    def _reach(self, days: range) -> Ints:
        each_day = np.arange(days.start, days.stop)
        reached: Ints = (
            self._grown(each_day) * np.maximum(ONE, self._busier(each_day) * self._stated(each_day) >> 10)
            >> 10
        )
        return reached

    def _percents(self) -> Ints:
        """The level of Monday to Sunday, of a holiday, of Spring Festival and of a worked weekend day."""
        profile, character, drawn = self._profile, self._character, self._drawn
        week = [percent + drawn(-6, 6, 60 + place) for place, percent in enumerate(character.week)]
        low, high = character.weekend
        level = drawn(low, high, 66)
        weekend = [level, level * drawn(*character.sunday, 67) // 100]
        free = [drawn(*character.holiday, 68), drawn(*character.spring_festival, 69)]
        if profile.weekend_percent is not None:
            weekend = [profile.weekend_percent] * 2
        if profile.holiday_percent is not None:
            free = [profile.holiday_percent] * 2
        levels: Ints = np.array([*week, *weekend, *free, 96], np.int64) * ONE // 100
        return levels

    def _levels(self, days: Ints) -> tuple[Ints, Ints]:
        """The level of each local day, and its `Day`."""
        weekday = (days + 3) % 7
        kinds = calendar.kinds(np.arange(days[0] - _LONG_HOLIDAY, days[-1] + _LONG_HOLIDAY + 1))
        if self._profile.calendar == "none":
            kinds = np.zeros_like(kinds)
        kind = kinds[_LONG_HOLIDAY:-_LONG_HOLIDAY]
        row = np.where(kind == Kind.ORDINARY, weekday, 6 + kind)
        holiday = (kinds == Kind.HOLIDAY) | (kinds == Kind.SPRING_FESTIVAL)
        beside = sliding_window_view(holiday, 2 * _LONG_HOLIDAY + 1)
        before, off = beside[:, :_LONG_HOLIDAY], beside[:, _LONG_HOLIDAY]
        after = beside[:, _LONG_HOLIDAY + 1 :]
        free = off | ((kind == Kind.ORDINARY) & (weekday > 4))
        leaves = ~free & after.all(axis=1)
        percent = np.where(~off & after[:, 0] & ~leaves, _EVE, 100)
        percent[~free & before.all(axis=1)] = self._back
        percent[off & ~after[:, 0] & before[:, 1:].all(axis=1)] = _LAST_DAY
        levels = self._by_kind[row] * percent // 100
        levels = np.maximum(levels, np.minimum(levels, ONE) * self._busier(days) >> 10)
        for factor in self._slow_factors(days), self._stated(days), self._noise(days):
            levels = levels * factor >> 10
        kind_of_day = np.where(leaves, Day.LEAVES, free.astype(np.int64))
        if self._profile.calendar == "china" and self._character.festivals:
            kind_of_day[np.isin(_month_and_day(days + 1), SALES)] = Day.SALE_EVE
            kind_of_day[np.isin(_month_and_day(days), SALES)] = Day.SALE
        return levels, kind_of_day

    def _slow_factors(self, days: Ints) -> Ints:
        """The factors of busier months, growth and releases."""
        swell = _wave(self._key + 5, days, _WAVE_DAYS) + _wave(self._key + 13, days, _TREND_DAYS)
        wave = np.maximum(ONE // 8, ONE + swell * self._wave_size // 100)
        slow: Ints = (wave * self._grown(days) >> 10) * self.releases.traffic(days) >> 10
        return slow

    def _grown(self, days: Ints) -> Ints:
        month, day = np.divmod(np.maximum(days - self._profile.growth_since, 0), _MONTH)
        month = np.minimum(month, _MAX_MONTHS - 1)
        grown: Ints = (self._growth[month] * (_MONTH - day) + self._growth[month + 1] * day) // _MONTH
        return grown

    def _busier(self, days: Ints) -> Ints:
        """The factors of drawn campaigns and of shopping festivals, compared with an ordinary working day.

        Days that are busy anyway, such as the weekends of shops, get no busier by more than that.
        """
        profile, character = self._profile, self._character
        factor = np.full(len(days), 100, np.int64)
        if self._campaign_days:
            block, day = np.divmod(days, self._campaign_days)
            word = bits.words(self._key + 8, block)
            start, length = (
                bits.below(word, self._campaign_days),
                1 + (word & np.uint64(3)).astype(np.int64),
            )
            low, high = character.campaigns
            size = low + (word >> np.uint64(8) & np.uint64(0xFF)).astype(np.int64) * (high - low) // 256
            comes = (word >> np.uint64(16) & np.uint64(0xFF)).astype(np.int64) * 100 >> 8
            within = (day >= start) & (day < start + length) & (comes < character.campaign_chance)
            factor = np.where(within, size - (day - start) * 12, factor)
        if profile.calendar == "china" and character.festivals:
            date = _month_and_day(days)
            for day_of_year, percent in character.festivals:
                factor[date == int(day_of_year)] = percent
        for one in profile.campaigns:
            factor[(days >= one.first) & (days <= one.last)] = 100
        return factor * ONE // 100

    def _stated(self, days: Ints) -> Ints:
        """The factors of stated campaigns and of vacations."""
        profile, character = self._profile, self._character
        factor = np.full(len(days), 100, np.int64)
        for one in profile.campaigns:
            factor[(days >= one.first) & (days <= one.last)] = one.percent
        if profile.calendar == "china" and character.vacations:
            date = _month_and_day(days)
            for first, last, percent in character.vacations:
                within = (date >= int(first)) & (date <= int(last))
                factor[within] = factor[within] * percent // 100
        return factor * ONE // 100

    def _noise(self, days: Ints) -> Ints:
        deviation = bits.normal(bits.words(self._key + 9, days)) * self._variation
        return np.maximum(ONE // 4, ONE + deviation * ONE // 6400)


def _raise(cells: Ints, incident: Incident, hours: Ints) -> None:
    """Add the sessions of users that repeat their questions during *incident*, or take those away that it
    stops.
    """
    some = slice(*np.searchsorted(hours, [incident.at // HOUR, incident.end // HOUR + 1]).tolist())
    begins, cells = hours[some] * HOUR, cells[some]
    within = np.minimum(incident.end, begins + HOUR) - np.maximum(incident.at, begins)
    share = np.maximum(0, within) * 1000 // HOUR
    cells += cells * share * (incident.traffic_percent - 100) // 100_000


def _wave(key: int, days: Ints, period: int) -> Ints:
    """A curve between -1024 and 1024 that rises or falls for about a *period* of days."""
    block, day = np.divmod(days + key % period, period)
    knots = bits.signed(bits.words(key, np.arange(block[0], block[-1] + 2)))
    place = block - block[0]
    curve: Ints = (knots[place] * (period - day) + knots[place + 1] * day) // period
    return curve


def _growth(percent: int) -> Ints:
    """The level at the begin of each month after growth begins."""
    if not percent:
        return np.full(_MAX_MONTHS + 1, ONE, np.int64)
    levels = [ONE]
    exact = ONE << 40
    for _ in range(_MAX_MONTHS):
        exact = min(exact * (100 + percent) // 100, ONE * _MAX_GROWTH << 40)
        levels.append(exact >> 40)
    return np.array(levels, np.int64)


def _month_and_day(days: Ints) -> Ints:
    """Each day as a number of four digits, such as 1111 for 11 November."""
    date = days.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    number: Ints = 100 * (month.astype(np.int64) % 12 + 1) + (date - month).astype(np.int64) + 1
    return number
