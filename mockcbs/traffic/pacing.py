"""How long answers take, and when users ask their next question."""

from functools import cache

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.bits import Words
from mockcbs.traffic.bots import Engine
from mockcbs.traffic.conversations.acts import Act
from mockcbs.traffic.conversations.draft import PACE_BITS, Draft, Numbers
from mockcbs.traffic.conversations.scripts import done_steps, opening_steps, pool
from mockcbs.traffic.durations import Durations, lognormal
from mockcbs.traffic.logarithms import OCTAVE, exp2
from mockcbs.traffic.periods import DAY, HOUR
from mockcbs.traffic.turns import Ints
from mockcbs.traffic.words.wording import TOPIC_ACTS, Wording

_MAX_THINK_MS: dict[Engine, int] = {"rules": 1_500_000, "model": 1_799_000, "workflow": 1_799_000}
"""The maximum: users resume a Coze conversation in half an hour."""
_IDLE_MS, _AT_END_MS = 118_000, 4_000
"""A session of CBS ends 120 s after an answer. Nobody asks just then; who comes later begins another."""
_BEFORE_MIDNIGHT_MS = 2 * HOUR
"""Users who begin a session so long before midnight UTC come back in time, as a session belongs to a day."""
_SHORT_THINK_MS, _LONG_THINK_MS = 1_000, 36_000
"""The minimum time, and that of users who would take longer than the maximum."""
_PAUSES, _PAUSE_OCTAVES = 140, 4 * 1024
"""Of 4096 users of a model, the number who do something else before the next question, up to sixteen times
as long.
"""
_TURNING_MS = 8_000
"""How much longer users wait who have something else to ask: they first do what the answer says."""
_NEEDS = [*TOPIC_ACTS, Act.FOREIGN, Act.SKILL]
PACE_PERCENT: dict[Engine, tuple[int, int]] = {"rules": (70, 150), "model": (65, 150), "workflow": (65, 150)}
"""The bounds between which each bot draws how long its users take, compared with those of others."""
_HASTE_MS, _HASTE_OCTAVES = 1_050, 2
"""The minimum time from an answer until users send more, ms, and how often it is doubled at most; it is
doubled at most once for the same question.
"""
_DOING_OCTAVES = 9 * OCTAVE // 4
"""How often the minimum time to do what an answer says is doubled at most, as a logarithm."""


class Pace:
    """The times within the sessions of one bot."""

    def __init__(self, engine: Engine, durations: Durations, wording: Wording, percent: int = 100) -> None:
        """*durations* are those of the answers; *percent* says how long users take, compared with others."""
        self._latency, self._efforts = durations.latency, wording.efforts
        self._effort = wording.efforts.matching if engine == "rules" else wording.efforts.writing
        self._max_think = _MAX_THINK_MS[engine]
        self._ends = engine == "rules"
        self._think = _thinking(pauses=engine != "rules")
        self._pace = lognormal(1024, 1900, 20)[8::16] * percent // 100

    def latency(self, draft: Draft, said: Numbers, load: Ints) -> Ints:
        """The latency of each answer that does not fail, ms; *load* is the factor of each session's hour."""
        effort = self._effort.take(said).astype(np.int64)  # the products need 64 bits
        place = bits.field(draft.words, 10, 12)
        place += self._efforts.row.take(said)
        latency = self._latency.take(place) * effort
        latency *= load.take(draft.session)
        latency >>= 20
        return latency

    def times(
        self, draft: Draft, said: Numbers, latency: Ints, resent: Ints | None = None
    ) -> tuple[Ints, Ints]:
        """The time of each question, ms UTC, and the questions with which users of CBS come back after their
        session has ended; these begin another session on the same day.

        *resent* are the turns that users send once more as soon as they have failed.
        """
        pace = self._pace.take(bits.field(draft.topics, PACE_BITS, 8))
        gap = latency + self._think_ms(said, draft, pace.take(draft.session))
        self._hurry(draft, latency, gap)
        self._do(said, draft, latency, gap)
        if resent is not None:
            self._send_again(resent, draft, latency, gap)
        late = self._leave(said, draft, latency, gap) if self._ends else np.zeros(0, np.int64)
        elapsed = np.cumsum(gap) - gap
        at: Ints = elapsed + (draft.starts - elapsed[draft.opening[:-1]]).take(draft.session)
        same_day = at[late + 1] // DAY == draft.starts[draft.session[late]] // DAY
        return at, late[same_day] + 1

    def _leave(self, said: Numbers, draft: Draft, latency: Ints, gap: Ints) -> Ints:
        """The turns after which users come back only when the session has ended.

        There are none around midnight, and none whose next question makes sense only after this one; but who
        has done what the answer says comes back to it.
        """
        late = np.flatnonzero(gap - latency >= _IDLE_MS)
        late = late[draft.session[late] == draft.session[np.minimum(late + 1, len(gap) - 1)]]
        late = late[late + 1 < len(gap)]
        gap[late] += _AT_END_MS
        leaves = draft.starts[draft.session[late]] % DAY < DAY - _BEFORE_MIDNIGHT_MS
        leaves &= opening_steps()[draft.step[late + 1]] | (self._efforts.doing_ms[said[late + 1]] > 0)
        stay = late[~leaves]
        gap[stay] = latency[stay] + _spread(draft.words[stay], _LONG_THINK_MS, _IDLE_MS)
        gone: Ints = late[leaves]
        return gone

    def _think_ms(self, said: Numbers, draft: Draft, pace: Ints) -> Ints:
        """The time from each answer to the next question; some users are faster during the whole session."""
        words, usual = draft.words, self._efforts.reading_ms.take(said).astype(np.int64)
        usual[:-1] += self._efforts.typing_ms.take(said[1:])
        usual[:-1] += _turning_ms().take(draft.step[1:])
        think = usual * pace
        think >>= 10
        think *= self._think.take(bits.field(words, 36, 12))
        think >>= 10
        early = np.flatnonzero(think < _SHORT_THINK_MS)
        think[early] = _spread(words[early], _SHORT_THINK_MS, 2 * _SHORT_THINK_MS)
        late = np.flatnonzero(think >= self._max_think)
        think[late] = _spread(words[late], _LONG_THINK_MS, self._max_think)
        return think

    def _hurry(self, draft: Draft, latency: Ints, gap: Ints) -> None:
        """Shorten the time before questions that are sent right after an answer."""
        rows = np.flatnonzero(pool().hasty.take(draft.step)) - 1
        most = np.where(pool().double[draft.step[rows + 1]], OCTAVE, _HASTE_OCTAVES * OCTAVE)
        gap[rows] = latency[rows] + _haste(draft.words[rows], most)

    def _send_again(self, rows: Ints, draft: Draft, latency: Ints, gap: Ints) -> None:
        """Shorten the time until users send again what has failed in *rows*."""
        gap[rows] = latency[rows] + _haste(draft.words[rows], _HASTE_OCTAVES * OCTAVE)

    def _do(self, said: Numbers, draft: Draft, latency: Ints, gap: Ints) -> None:
        """Let users who say that they have done what the answer says take their time."""
        rows = np.flatnonzero(done_steps().take(draft.step)) - 1
        least = self._efforts.doing_ms.take(said[rows + 1]).astype(np.int64)
        rows, least = rows[least > 0], least[least > 0]
        part = bits.field(draft.words[rows], 36, 12)
        octaves = part * part * _DOING_OCTAVES >> 24
        gap[rows] = latency[rows] + (least * exp2(octaves + 10 * OCTAVE) >> 10)


def _haste(words: Words, most: "int | Ints") -> Ints:
    """The time of users in haste for each word, ms; its minimum is doubled *most* 1024ths of times."""
    time: Ints = _HASTE_MS * exp2((bits.field(words, 16, 16) * most >> 16) + 10 * OCTAVE) >> 10
    return time


@cache
def _turning_ms() -> Ints:
    """The time before each step of the pool until users turn to it."""
    return np.where(pool().back == 0, _TURNING_MS, 0) * np.isin(pool().act, _NEEDS)


def _spread(words: Words, low: int, high: int) -> Ints:
    """A time for each word from *low* to below *high*, ms."""
    time: Ints = low + bits.below(words << np.uint64(32), high - low)
    return time


@cache
def _thinking(*, pauses: bool) -> Ints:
    """Quantiles of the time to think; the longest are *pauses* for something else."""
    found = lognormal(820, 3300, 20).copy()
    if pauses:
        found[-_PAUSES:] *= exp2(np.arange(_PAUSES) * _PAUSE_OCTAVES // _PAUSES)
    return found
