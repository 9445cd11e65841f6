"""The user of each session: users arrive, come for some days or months, and leave.

A bot has a number of places. Each place has one user at a time, and when a user leaves, another takes the
place. Places differ in how often their users come, and in how long they stay.
"""

from itertools import count
from math import gcd

import numpy as np
import numpy.typing as npt

from mockcbs.traffic import bits
from mockcbs.traffic.bits import Words
from mockcbs.traffic.bots import FIRST_DAY
from mockcbs.traffic.conversations.draft import PACE, TOPIC
from mockcbs.traffic.numbering import MAX_GENERATED
from mockcbs.traffic.turns import ANONYMOUS, Ints

_SPREAD = np.array([50, 90, 160, 300, 600, 1024, 1500, 2600], np.int64)
"""How long the users of a place stay: 1024 is the typical stay."""
_REGULARS = 16
"""One in this number of places has a regular user, who stays long."""
_REGULAR_STAYS = 5
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MAX_BURSTY_STAY, _SPELL_DAYS = 90, 3
"""Users who stay for at most so many days come in spells of so many days, and not between them."""
_TRIES = 2
"""How often another user is chosen instead of one who does not come in these days."""
_AGAIN = 2
"""The number of 16 sessions whose user has already come on that day, if there are enough."""
_DAYS_BEFORE = 1_500
"""How many days before the first session users register at most, and before 2021 the first of them come."""
_AT_ONCE = 6
"""The number of 16 users who register when they first come."""
_MAX_EARLIER = 3_000_000
"""The maximum number of users who have registered before all users of a bot."""
_WAYS = 4096
_NEAR = 24
"""Sessions with so many others between them are hardly ever at the same time."""
_USUAL, _SECOND = 4, 7
"""Of eight sessions of a user, those about the usual topic; and those about this or the second one."""


class Users:
    """The users of one bot, by number."""

    def __init__(self, key: int, places: int, stay_days: int) -> None:
        """*places* is the number of users at a time, *stay_days* their typical stay; 0 means for ever."""
        self._key, self._places, self._stay_days = key, places, stay_days
        self._numbers_a_turn = 2 * places
        self._turns = max(1, MAX_GENERATED // self._numbers_a_turn)
        first = self._numbers_a_turn * 618 // 1000
        self._factor = next(one for one in count(first) if gcd(one, self._numbers_a_turn) == 1)
        low, high = (bits.words(key + 2, np.arange(2)) >> np.uint64(42)).tolist()
        self._earlier = low * high * _MAX_EARLIER >> 44
        stays = np.maximum(1, stay_days * _SPREAD >> 10)
        self._stays = np.concatenate((stays, stays * _REGULAR_STAYS))

    def of(self, words: Words, days: Ints, reach: Ints, part: Ints) -> Ints:
        """The number of the user of each session, given a word, its day, and the reach of that day.

        A *reach* above 1024 adds places, as growth and campaigns bring new users. *part* is the eighth of
        the day (0 to 7) whose users come, or -1 for all users.
        """
        limit = np.minimum(np.maximum(self._places * reach >> 10, 1), self._numbers_a_turn)
        place = _chosen(words, limit, part)
        if not self._stay_days:
            return place
        if self._stay_days <= _MAX_BURSTY_STAY:
            self._replace_absent(place, words, days, limit, part)
        stay, late = self._stay(place, bits.words(self._key, place))
        turn = (days - FIRST_DAY + late) // stay
        number: Ints = turn % self._turns * self._numbers_a_turn + place
        return number

    def _stay(self, place: Ints, own: Words) -> tuple[Ints, Ints]:
        """How many days each user of a *place* stays, and how many days the first one has been there at the
        beginning, given the word of the place.
        """
        is_regular = place < self._places // _REGULARS
        stay = self._stays.take(bits.field(own, 61, 3) + is_regular * len(_SPREAD))
        return stay, bits.below(own << np.uint64(3), stay)

    def _replace_absent(self, place: Ints, words: Words, days: Ints, limit: Ints, part: Ints) -> None:
        """Replace users who do not come in these days by others, mostly by ones who do."""
        rows, here = np.arange(len(place)), place
        for _ in range(_TRIES):
            # The spells of each place begin on other days: (days + here % 3) // 3, but numpy divides faster.
            spell = (days + here) // _SPELL_DAYS - here // _SPELL_DAYS
            absent = np.flatnonzero(bits.words(self._key + 1, here << 20 | spell) >> np.uint64(62))
            rows, days, limit, part = (one.take(absent) for one in (rows, days, limit, part))
            words = words.take(absent) * _GOLDEN
            here = _chosen(words, limit, part)
            place[rows] = here

    def returns(self, topics: Words, counts: Ints) -> tuple[Ints, Ints]:
        """The sessions whose users come again soon, mostly about the same, and their sessions before these.

        *counts* are the numbers of sessions of each day; both are of one day.
        """
        rows = np.flatnonzero(bits.field(topics, 12, 4) < _AGAIN)
        before = rows - 1 - (bits.field(topics[rows], 48, 4) ** 2 >> 4)
        ends = np.cumsum(counts)
        day = np.searchsorted(ends, rows, side="right")
        known = before >= (ends - counts)[day]
        return rows[known], before[known]

    def registered(self, users: Ints) -> Ints:
        """A number of its own for each of the *users* of `of`, in the order of their registration.

        Some register when they first come, others have registered up to some years before.
        """
        turn, place = np.divmod(users, self._numbers_a_turn)
        own = bits.words(self._key, place)
        if self._stay_days:
            stay, late = self._stay(place, own)
            arrival = np.where(turn > 0, turn * stay - late, -(late % _DAYS_BEFORE))
        else:
            arrival = -(bits.field(own, 0, 16) ** 2 * _DAYS_BEFORE >> 32)
        waits = bits.field(own, 20, 4) >= _AT_ONCE
        skewed = bits.field(own, 24, 16) ** 2 * _DAYS_BEFORE >> 32
        day = arrival - waits * skewed + 2 * _DAYS_BEFORE
        within = (place + day) * self._factor % self._numbers_a_turn
        number: Ints = (day * self._numbers_a_turn + within + self._earlier) % MAX_GENERATED
        return number

    def habits(self, users: npt.NDArray[np.int32], topics: Words) -> Words:
        """The words of sessions, after writing into them what a user's sessions share: the pace, and mostly
        one of two topics.
        """
        own = (users.astype(np.uint64) + np.uint64(self._key & 0xFFFFFFFF)) * _GOLDEN
        chance = bits.field(topics, 16, 3)
        topic = np.where(chance < _USUAL, own, own << np.uint64(8))
        found = topics ^ (topics ^ own) & PACE
        found ^= (found ^ topic) & np.where(chance < _SECOND, TOPIC, np.uint64(0))
        return found

    def ways(self, users: npt.NDArray[np.int32], topics: Words, rare: int) -> Ints:
        """One of 4096 ways for each session, each equally likely, in the mean of many users.

        Half of the sessions with one of the *rare* last ways are those of users who always have one.
        """
        way = bits.field(topics, 52, 12)
        own = (users.astype(np.uint64) + np.uint64(self._key & 0xFFFFFFFF)) * _GOLDEN
        always = (bits.field(own, 40, 12) * 2 < rare) & (users != ANONYMOUS)
        rows = np.flatnonzero(always | (way >= _WAYS - rare) & (way & 1 > 0))
        others = topics[rows] * _GOLDEN
        limit = np.where(always[rows], rare, _WAYS - rare)
        way[rows] = np.where(always[rows], _WAYS - rare, 0) + bits.below(others, limit)
        return way


def _chosen(words: Words, limit: Ints, part: Ints) -> Ints:
    """A place for each session below its *limit*, one whose user comes in that *part* of the day."""
    place = bits.skewed(words, limit)
    usual = place & ~7 | part  # -1 for any part, which is the highest number without a sign
    return np.where(usual.view(np.uint64) >= limit.view(np.uint64), place, usual)


def one_at_a_time(
    users: npt.NDArray[np.int32], begins: Ints, ends: Ints, counts: Ints
) -> npt.NDArray[np.int32]:
    """The *users* of sessions, of which hardly any is in two sessions at once.

    *begins* and *ends* are those of the sessions, *counts* the numbers of sessions of each day. Others of
    the same day take the place of those who would be in two.
    """
    found, last = users.copy(), np.cumsum(counts)
    for apart in range(1, _NEAR):
        before = np.flatnonzero(users[apart:] == users[:-apart])
        later = before + apart
        twice = (begins[later] <= ends[before]) & (begins[before] <= ends[later])
        rows = later[twice & (users[later] != ANONYMOUS)]
        day = np.searchsorted(last, rows, side="right")
        first = (last - counts)[day]
        here = rows - apart >= first
        found[rows[here]] = users[(first + last[day] - 1 - rows)[here]]
    return found
