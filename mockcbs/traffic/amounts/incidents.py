"""The incidents of one bot, and how bad each is at every moment.

Most incidents belong to one bot. A few are of a whole service: they affect most of its bots of a seed, each
some minutes later than another and in its own way.
"""

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.bits import Words
from mockcbs.traffic.bots import Incident, Profile
from mockcbs.traffic.periods import DAY, MINUTE
from mockcbs.traffic.turns import Ints

ONE = 1024
BEFORE = 40 * MINUTE
"""For how long before an incident answers get slower, because its cause is already at work, ms."""
_MAX_RAMP, _MAX_RECOVERY = 7 * MINUTE, 25 * MINUTE
"""The maximum time until an incident is at its worst, and from its end until all is as before, ms."""
_BEFORE_PART = 683
"""How slow answers are when failures begin, in 1024ths of the worst."""
_STILL_FAILING = 640
"""The failures just after the end of an incident, in 1024ths of those before."""
_FLICKER = 3 * MINUTE
"""The time after which the share of failures changes, ms."""
_PLATFORM_DAYS, _PLATFORM_PERCENT, _AFFECTED_PERCENT = 110, 70, 75
"""The number of days in which one incident of the platform may fall, its chance, and the share of the bots
that it affects.
"""
_PLATFORM_DELAY = 9 * MINUTE
_PLATFORM_HOURS = (1, 9)
"""The UTC hours of such incidents: those of the working day in China."""
_APART = 64
"""The number of turns between two failures of a bot without incidents."""


class Incidents:
    """The incidents of one bot."""

    def __init__(self, key: int, platform: int, profile: Profile, span: int, busy: Ints) -> None:
        """*span* is the number of days in which one incident of the bot may fall; 0 means only stated ones.

        *platform* is the key of incidents that bots share. *busy* are the sessions of each local hour.
        """
        self._key, self._platform, self._span = key, platform, span
        self._running = np.cumsum(busy**2)
        self._utc_offset = profile.utc_offset
        self._stated = [self._delayed(one) for one in profile.incidents]
        self._drawn: dict[tuple[bool, int], list[Incident]] = {}

    def on(self, days: range) -> list[Incident]:
        """The incidents that begin on UTC *days*, in order of time."""
        found = list(self._stated)
        if span := self._span:
            for block in range(days.start // span, (days.stop - 1) // span + 1):
                found += self._of_block(block, is_platform=False)
            for block in range(days.start // _PLATFORM_DAYS, (days.stop - 1) // _PLATFORM_DAYS + 1):
                found += self._of_block(block, is_platform=True)
        return sorted((one for one in found if one.at // DAY in days), key=lambda one: one.at)

    def _delayed(self, stated: Incident) -> Incident:
        """A stated incident, which may begin later for this bot."""
        word = bits.words(self._key + 1, [stated.at])
        delay = int(bits.below(word, stated.stagger_minutes * MINUTE + 1)[0])
        return stated._replace(at=stated.at + delay)

    def _of_block(self, block: int, *, is_platform: bool) -> list[Incident]:
        """The incident of one span of days, if there is one; incidents are drawn once."""
        if (known := self._drawn.get((is_platform, block))) is None:
            known = self._of_platform(block) if is_platform else self._own(block)
            self._drawn[is_platform, block] = known
        return known

    def _own(self, block: int) -> list[Incident]:
        word = int(bits.words(self._key, [block])[0])
        if (word >> 16) % 100 >= 80:
            return []
        day = _working_day(block * self._span, (word & 0xFFFF) * self._span >> 16, self._span)
        at = day * DAY + self._busy_minute(word >> 24 & 0xFFFF) * MINUTE + (word >> 40) % MINUTE
        return [
            Incident(
                at,
                minutes=35 + (word >> 32) % 100,
                failure_percent=_failure_percent(word >> 40),
                traffic_percent=150 + (word >> 46) % 110,
                latency_percent=170 + (word >> 52) % 220,
            )
        ]

    def _of_platform(self, block: int) -> list[Incident]:
        shared = int(bits.words(self._platform, [block])[0])
        own = int(bits.words(self._key + 2, [block])[0])
        if (shared >> 16) % 100 >= _PLATFORM_PERCENT or (own >> 16) % 100 >= _AFFECTED_PERCENT:
            return []
        day = _working_day(block * _PLATFORM_DAYS, (shared & 0xFFFF) * _PLATFORM_DAYS >> 16, _PLATFORM_DAYS)
        first, last = _PLATFORM_HOURS
        at = day * DAY + (60 * first + (shared >> 24 & 0xFFFF) * 60 * (last - first) // 0x10000) * MINUTE
        return [
            Incident(
                at + own % _PLATFORM_DELAY,
                minutes=25 + (shared >> 32) % 60 + (own >> 32) % 12,
                failure_percent=_failure_percent(own >> 40),
                traffic_percent=120 + (own >> 46) % 90,
                latency_percent=150 + (own >> 52) % 220,
            )
        ]

    def _busy_minute(self, share: int) -> int:
        """A minute of a UTC day within busy hours, given a share of 65536."""
        hour = int(np.searchsorted(self._running, share * int(self._running[-1]) >> 16, side="right"))
        return (hour * 60 + share % 60 - self._utc_offset // MINUTE) % 1440


def _failure_percent(word: int) -> int:
    """The share of failures in an incident: one in five is mild."""
    return 12 + (word >> 3) % 30 if word % 5 == 0 else 55 + (word >> 3) % 36


def _working_day(first: int, place: int, span: int) -> int:
    """The day at a *place* after the *first* one, or one beside it within the *span* that is no weekend.

    Load and changes cause incidents, and both belong to working days.
    """
    beside = (one for one in (place, place + 2, place - 2) if 0 <= one < span and (first + one + 3) % 7 < 5)
    return first + next(beside, place)


def recovered(incident: Incident) -> int:
    """The time at which all is as before the incident, ms UTC."""
    return incident.end + min(incident.end - incident.at, 3 * _MAX_RECOVERY) // 3


def severity(incident: Incident, starts: Ints, key: int) -> tuple[Ints, Ints]:
    """For sessions that begin at *starts* (ms UTC): how many answers fail and how slow the others are.

    Both are in 1024ths of the worst. Nothing fails before the incident and some answers fail after its end;
    in between the share of failures goes up and down.
    """
    age, length = starts - incident.at, incident.end - incident.at
    ramp = max(1, min(_MAX_RAMP, length // 6))
    rising = _share(age, ramp, ONE)
    left = recovered(incident) - incident.end
    falling = _share(length + left - age, max(1, left), ONE)
    flicker = 870 + ((bits.words(key, starts // _FLICKER) >> np.uint64(55)).astype(np.int64) * 308 >> 9)
    failing = np.where(age < length, rising, falling * falling * _STILL_FAILING >> 20) * flicker >> 10
    near = _share(age + BEFORE, BEFORE, _BEFORE_PART)
    slow = np.where(age < length, near + (rising * (ONE - _BEFORE_PART) >> 10), falling)
    return failing, slow


def _share(part: Ints, whole: int, most: int) -> Ints:
    """*part* of *whole* as a number from 0 to *most*."""
    # Two functions, because numpy.clip takes three times as long for few numbers.
    return np.minimum(np.maximum(part * most // whole, 0), most)


def slowed(latency: Ints, percent: Ints, words: Words) -> Ints:
    """Latencies at *percent* of the usual ones in the mean; each differs by its word."""
    found: Ints = latency * percent * (640 + 3 * bits.field(words, 0, 10) // 4) // (100 * ONE)
    return found


def apart(rows: Ints, until: Ints) -> Ints:
    """Those of *rows* that are far from each other: at most one in every second block of a day, and none in
    the first, which may follow one of the day before.

    *until* is the row after the last one of each day.
    """
    day = np.searchsorted(until, rows, side="right")
    block = (rows - np.append(0, until)[day]) // _APART
    first = np.append(True, (np.diff(block) != 0) | (np.diff(day) != 0))[: len(rows)]
    found: Ints = rows[first & (block % 2 == 1)]
    return found
