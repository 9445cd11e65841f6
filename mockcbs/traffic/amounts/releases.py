"""Releases of one bot and of its pool of machines, and what they change: traffic, latency, questions without
a match.

A new version stays as it is until the next release. All factors are whole numbers; 1024 is usual.
"""

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.amounts.incidents import ONE
from mockcbs.traffic.bits import Words
from mockcbs.traffic.conversations.scripts import pool
from mockcbs.traffic.logarithms import OCTAVE, exp2
from mockcbs.traffic.turns import Ints, Places

RELEASE_PERCENT = (6, 22)
"""The bounds between which each bot draws how far a release moves its traffic at most."""
_DAYS, _POOL_DAYS = 56, 49
"""The number of days in which one release of a bot falls, and one of its pool."""
_FRESH_DAYS = 6
"""The number of days after a release on which more users come to ask about what is new."""
_AT = 6
"""The hour before midnight UTC at which versions change: 2:00 in China."""
_OWN_OCTAVES, _POOL_OCTAVES = (25, 105), (75, 235)
"""The bounds of how much slower or faster than usual a version is, as binary logarithms in 1024ths."""
_MISSES, _TOPIC_MISSES, _FRESH_MISSES = (60, 240), 460, 360
"""How many more or fewer sessions than usual have a question without a match, in 1024ths of all that could:
with one version of the bot, at most in one topic, and just after a release.
"""
_MIXER = np.uint64(0x94D049BB133111EB)


class Releases:
    """The releases of one bot."""

    def __init__(self, key: int, pool: int, percent: int | None) -> None:
        """*pool* is the key of the releases of the pool. *percent* is how far a release moves the traffic at
        most, `None` for a drawn number; with 0 there are no releases, nor any of the pool.
        """
        self._key, self._pool = key, pool
        if percent is None:
            low, high = RELEASE_PERCENT
            percent = low + int(bits.below(bits.words(key + 72, [0]), high - low + 1)[0])
        self._percent = percent

    def traffic(self, days: Ints) -> Ints:
        """The factor of the sessions of each of *days* (days since 1970)."""
        version, age = _version(self._key, days, _DAYS)
        step = bits.signed(bits.words(self._key + 1, version)) * self._percent // 100
        factor: Ints = ONE + step + _fresh(age) * self._percent * ONE // 400
        return factor

    def latency(self, days: range) -> Ints:
        """The factor of the latency in each UTC hour (columns) of *days* (rows)."""
        if not self._percent:
            return np.full((len(days), 24), ONE)
        day = (np.arange(24 * days.start, 24 * days.stop) + _AT) // 24
        octaves = _swing(self._key + 2, _version(self._key, day, _DAYS)[0], _OWN_OCTAVES)
        octaves += _swing(self._pool + 1, _version(self._pool, day, _POOL_DAYS)[0], _POOL_OCTAVES)
        return exp2(10 * OCTAVE + octaves).reshape(len(days), 24)

    def misses(self, days: Ints, topics: int) -> Ints:
        """How many more sessions about each of *topics* (columns) on each of *days* (rows) have a question
        without a match, in 1024ths of all that could.

        A version has other answers, and users ask what it does not know yet. A topic keeps its answers for
        two versions.
        """
        if not self._percent:
            return np.zeros((len(days), topics), np.int64)
        version, age = _version(self._key, days, _DAYS)
        common = _swing(self._key + 3, version, _MISSES) + _fresh(age) * _FRESH_MISSES // _FRESH_DAYS
        topic = np.arange(topics)
        answers = (version[:, None] + topic) // 2
        own = bits.signed(bits.words(self._key + 4, answers * 4096 + topic)) * _TOPIC_MISSES >> 10
        found: Ints = common[:, None] + own
        return found


def redraw(script: Places, table: Places, more: Ints, words: Words) -> None:
    """Replace some scripts of sessions by others of *table*, so that *more* 1024ths of them have a question
    without a match, or fewer if that is negative. *words* are those of the sessions.
    """
    drawn = words * _MIXER
    change = pool().misses.take(script) == (more < 0)
    rows = np.flatnonzero(change & (bits.field(drawn, 40, 10) < abs(more)))
    script[rows] = table.take(bits.field(drawn.take(rows), 52, 12))


def _version(key: int, days: Ints, span: int) -> tuple[Ints, Ints]:
    """The number of the version on each of *days*, and the age in days of the release that falls in the same
    *span*; it is negative before it.
    """
    block, day = np.divmod(days + key % span, span)
    age = day - bits.below(bits.words(key, block), span)
    return block + (age >= 0), age


def _fresh(age: Ints) -> Ints:
    """How new a release of that *age* is: from `_FRESH_DAYS` down to 0."""
    return np.where(age >= 0, np.maximum(0, _FRESH_DAYS - age), 0)


def _swing(key: int, version: Ints, bounds: tuple[int, int]) -> Ints:
    """A number of each *version* within *bounds*, negative for every other version."""
    low, high = bounds
    size = low + bits.below(bits.words(key, version), high - low + 1)
    return np.where(version + (key & 1) & 1, -size, size)
