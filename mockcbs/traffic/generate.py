"""The generated turns of one bot on one day: a pure function of seed, bot and day.

All draws are integers from the raw stream of numpy's Philox, which numpy promises to keep. The
distributions of numpy's `Generator` may change between releases, so they are not used.
"""

import hashlib

import numpy as np
import numpy.typing as npt

from mockcbs.traffic.bots import Profile
from mockcbs.traffic.ids import UUIDS, form_of
from mockcbs.traffic.numbering import Repertoire
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.turns import ANONYMOUS, OUTCOMES, Ints, Turns

Words = npt.NDArray[np.uint64]

_HOURLY = np.array(
    [6, 4, 3, 2, 2, 3, 8, 20, 60, 100, 110, 95, 50, 70, 100, 105, 98, 85, 50, 35, 30, 26, 20, 12], np.int64
)
"""The relative number of sessions in each local hour of a working day."""
_ROUNDS = np.cumsum([340, 250, 160, 95, 60, 38, 24, 15, 9, 5, 3, 1])
"""How many of 1000 sessions have 1, 2, 3… rounds; the sum is 1000."""
_THINK = np.array([4, 6, 8, 9, 11, 12, 14, 16, 18, 21, 25, 30, 37, 48, 68, 105], np.int64)
"""Quantiles, in sixteenths, of the seconds from an answer to the next question; a session ends at 120."""
_LATENCY = np.array(
    [90, 130, 170, 210, 250, 290, 340, 390, 450, 520, 610, 730, 900, 1200, 1800, 3600], np.int64
)
"""Quantiles, in sixteenths, of the latency of an answer, ms."""


class Generator:
    """Generates the days of one bot."""

    def __init__(self, seed: int, bot_id: str, profile: Profile, repertoire: Repertoire) -> None:
        self._seed, self._bot_id, self._profile = seed, bot_id, profile
        character = self._stream("character").random_raw(2)
        self.sessions_per_day = (
            40 + int(character[0] % 361) if profile.sessions_per_day is None else profile.sessions_per_day
        )
        self.users = max(1, 3 * self.sessions_per_day if profile.users is None else profile.users)
        self._said = self._cumulative_weights(repertoire)

    def turns_on(self, day: int) -> Turns:
        """The turns of the sessions that begin on UTC *day* (days since 1970); sessions are numbered from 0.

        A session begun before midnight may have its last turns after it.
        """
        return self.turns_of(range(day, day + 1))[0]

    def turns_of(self, days: range) -> tuple[Turns, Ints]:
        """The turns of *days*, with sessions numbered across the days, and how many sessions begin on each.

        Each day has its own random stream, so its turns do not depend on the other days. What follows from
        the draws is computed for all days at once, which is faster.
        """
        streams = [self._stream(f"day/{day}") for day in days]
        hours = _hours_of(self._profile, days)
        counts = self._counts(streams, hours)
        words = _drawn(streams, 5, counts)
        starts = days.start * DAY + _instants(words[0], words[1], hours, counts)
        user = _skewed(words[2], self.users).astype(np.int32)
        user[_below(words[3], 100) < self._profile.anonymous_percent] = ANONYMOUS
        rounds = 1 + np.searchsorted(_ROUNDS, _below(words[4], 1000), side="right")

        session = np.repeat(np.arange(len(starts)), rounds)
        opening = np.cumsum(rounds) - rounds
        words = _drawn(streams, 3, np.diff(np.append(opening, len(session))[_edges(counts)]))
        latency = _spread(words[0], _LATENCY)
        gap = -(-latency // 1000) + _spread(words[1], _THINK)
        said = np.searchsorted(self._said, _below(words[2], int(self._said[-1])), side="right")

        elapsed = np.cumsum(gap) - gap
        at = starts[session] + 1000 * (elapsed - elapsed[opening][session])
        columns = Turns(at, session, user[session], said.astype(np.int32), latency.astype(np.int32))
        return columns.take(np.argsort(at, kind="stable")), counts

    def session_ids(self, day: int, starts: Ints, ordinals: Ints) -> list[str]:
        """The ids of sessions of *day*, given when they began (ms UTC) and their numbers.

        Ids ascend with the begin of the sessions and contain it. Their form depends on that of the bot's id.
        """
        tail = self._key(f"sessions/{day}")[:6]
        make = (form_of(self._bot_id) or UUIDS).session_id
        return [
            make(start, ordinal, tail)
            for start, ordinal in zip(starts.tolist(), ordinals.tolist(), strict=True)
        ]

    def sessions_on(self, day: int) -> tuple[Turns, list[str]]:
        """The turns of *day* as `turns_on` returns them, and the ids of their sessions by number."""
        columns = self.turns_on(day)
        ordinals, opening = np.unique(columns.session, return_index=True)
        return columns, self.session_ids(day, columns.at[opening], ordinals)

    def _counts(self, streams: list[np.random.Philox], hours: Ints) -> Ints:
        """How many sessions begin on each day."""
        noise = 870 + np.array([int(stream.random_raw()) % 261 for stream in streams], np.int64)
        counts: Ints = self.sessions_per_day * hours.sum(axis=1) * noise // (100 * int(_HOURLY.sum()) * 1000)
        return counts

    def _cumulative_weights(self, repertoire: Repertoire) -> Ints:
        """The cumulative weights of utterances: shares of outcomes, times a random preference of each bot."""
        count = len(repertoire.weights[OUTCOMES[0]])
        favour = 1 + (self._stream("favourites").random_raw(count) % np.uint64(4)).astype(np.int64)
        weights = np.zeros(count, np.int64)
        for outcome, share in self._profile.outcomes.items():
            own = np.array(repertoire.weights[outcome], np.int64) * favour
            weights += share * own * 1_000_000 // max(1, int(own.sum()))
        return np.cumsum(weights)

    def _key(self, purpose: str) -> bytes:
        return hashlib.sha256(f"{self._seed}/{self._bot_id}/{purpose}".encode()).digest()

    def _stream(self, purpose: str) -> np.random.Philox:
        return np.random.Philox(key=int.from_bytes(self._key(purpose)[:16], "little"))


def _hours_of(profile: Profile, days: range) -> Ints:
    """The relative number of sessions in each UTC hour of *days*, in hundredths of `_HOURLY`."""
    local = (np.arange(24) + 24 * np.array(days, np.int64)[:, None]) * 3_600_000 + profile.utc_offset
    hour, weekday = local // 3_600_000 % 24, (local // DAY + 3) % 7
    busy: Ints = _HOURLY[hour] * np.where(weekday < 5, 100, profile.weekend_percent)
    return busy


def _drawn(streams: list[np.random.Philox], rows: int, counts: Ints) -> Words:
    """Draw *counts* columns from each stream, and join them."""
    pairs = zip(streams, counts.tolist(), strict=True)
    return np.concatenate([stream.random_raw(rows * n).reshape(rows, n) for stream, n in pairs], axis=1)


def _instants(hour: Words, second: Words, hours: Ints, counts: Ints) -> Ints:
    """When sessions begin: whole seconds, as ms since the first midnight, ascending (contract S-8)."""
    whole = hours.sum(axis=1)
    before = np.repeat(np.cumsum(whole) - whole, counts)
    place = np.searchsorted(np.cumsum(hours), before + _below(hour, np.repeat(whole, counts)), side="right")
    return np.sort(1000 * (3600 * place + _below(second, 3600)))


def _edges(counts: Ints) -> Ints:
    """The index at which each group of *counts* elements begins, and where the last group ends."""
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(counts)))


def _below(words: Words, limit: int | Ints) -> Ints:
    """Map each random word to a whole number from 0 to below its *limit* (at most 2**32)."""
    # Multiply and shift instead of a remainder: no rejected draws, so each day uses the same number of words.
    return ((words >> np.uint64(32)) * np.uint64(limit) >> np.uint64(32)).astype(np.int64)


def _skewed(words: Words, limit: int) -> Ints:
    """Map each word to a whole number below *limit*; small ones are more frequent, as regular users are."""
    # The product of two uniform numbers is small more often than large, without floating point.
    low = words & np.uint64(0xFFFFFFFF)
    return _below((words >> np.uint64(32)) * low, limit)


def _spread(words: Words, steps: Ints) -> Ints:
    """Map each word to a whole number whose quantiles, in sixteenths, are *steps*."""
    step = (words >> np.uint64(60)).astype(np.int64)
    floor = np.concatenate(([steps[0] // 2], steps[:-1]))
    width = steps - floor
    share = (words & np.uint64(0xFFFF)).astype(np.int64)
    spread: Ints = floor[step] + (share * width[step] >> 16)
    return spread
