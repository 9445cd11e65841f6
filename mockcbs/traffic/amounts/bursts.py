"""Bursts: users who come within minutes for one reason, such as a class or a mail to a whole department."""

from math import isqrt

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.bits import Words
from mockcbs.traffic.conversations.acts import Act
from mockcbs.traffic.conversations.draft import TOPIC, Draft
from mockcbs.traffic.conversations.scripts import steps_of
from mockcbs.traffic.periods import DAY, HOUR
from mockcbs.traffic.turns import Ints

_GROUP = 16
"""Every 16 sessions of a day or more can have a burst: the first of them, and half of the others."""
_MS = 9 * 60_000
"""The time within which the users of a burst come."""
_SUBJECT = np.uint64(0xFF << 56)
"""The bits of a turn's word that choose its subject."""


def group_of(sessions_per_day: int) -> int:
    """The number of sessions that can have one burst: the larger a bot, the more users have one reason."""
    return max(_GROUP, 3 * isqrt(sessions_per_day) // 2)


def gathered(
    at: Ints, words: Words, counts: Ints, cells: Ints, percent: int, *, group: int = _GROUP
) -> tuple[Ints, Ints]:
    """The begins of sessions, as ms since the first midnight, ascending, and for each session a number that
    all sessions of its burst share; about *percent* are in bursts, and the others have 0.

    *at* are the begins of users who come alone, *words* the random words of these sessions, *counts* the
    numbers of sessions of each day, and *cells* the sizes of its hours. Bursts are in busy hours, at most
    one in each *group* of sessions.
    """
    leader, joins = _bursts(at, words, counts, cells, percent, group=group)
    late = at[leader] + (bits.field(words[joins], 8, 12) * bits.field(words[joins], 20, 12) * _MS >> 24)
    today = late // DAY == at[leader] // DAY
    leader, joins, late = leader[today], joins[today], late[today]
    found, number = at << 16, bits.field(words[leader], 48, 16) | 1
    found[joins] = late << 16 | number
    found[leader] |= number
    found.sort()
    return found >> 16, found & 0xFFFF


def _bursts(
    at: Ints, words: Words, counts: Ints, cells: Ints, percent: int, *, group: int
) -> tuple[Ints, Ints]:
    """The first session of the burst of each session that joins one, and these sessions."""
    whole = cells.sum(axis=1)
    busy = cells * 24 >= whole[:, None]
    share = (cells * busy).sum(axis=1) * 1024 // np.maximum(1, whole)  # of the sessions, in 1024ths
    chance = (percent * 2 * group << 26) // (100 * (group + 1) * np.maximum(1, share))  # in 65536ths
    end, groups = np.cumsum(counts), -(-counts // group)
    day = np.repeat(np.arange(len(counts)), groups)
    first = (end - counts)[day] + group * (
        np.arange(len(day)) - np.repeat(np.cumsum(groups) - groups, groups)
    )
    exists = busy[day, at[first] // HOUR % 24] & (bits.field(words[first], 32, 16) < chance[day])
    first, day = first[exists], day[exists]
    leader = np.repeat(first, group - 1)
    joins = leader + np.tile(np.arange(1, group), len(first))
    some = np.flatnonzero(joins < np.repeat(end[day], group - 1))
    some = some[bits.field(words[joins[some]], 0, 1) > 0]
    return leader[some], joins[some]


def share_topic(topics: Words, burst: Ints) -> None:
    """Give all sessions of one *burst* the same topic; its number is 0 for sessions without one."""
    rows = np.flatnonzero(burst)
    topics[rows] ^= (topics[rows] ^ _reason(burst[rows])) & TOPIC


def share_subject(draft: Draft, burst: Ints) -> None:
    """Let all users of one *burst* begin with the same subject, if they begin with a question."""
    rows = np.flatnonzero(burst)
    opening = draft.opening[rows]
    opening += steps_of(Act.GREETING)[draft.step[opening]] & (opening + 1 < draft.opening[rows + 1])
    draft.words[opening] ^= (draft.words[opening] ^ _reason(burst[rows])) & _SUBJECT


def _reason(burst: Ints) -> Words:
    """A random word for each *burst*."""
    return bits.words(0, burst)
