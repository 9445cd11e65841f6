"""How long users read and type, and how long a bot writes, by the length of the texts."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from mockcbs.traffic.durations import QUANTILES
from mockcbs.traffic.gaps import gaps_of
from mockcbs.traffic.knowledge import SmallTalk, Utterance
from mockcbs.traffic.turns import OUTCOMES, Ints, small

_MS_TO_START, _MS_A_CHARACTER_READ, _MS_A_CHARACTER_TYPED = 2_500, 230, 1_150
"""The time in ms before users begin to type, and for each character that they read and type."""
_MAX_READ = 260
"""The maximum number of characters that users read; they only skim the rest of a longer answer."""
_LEAST_WRITING, _MOST_WRITING = 512, 3_000
"""The bounds of `Efforts.writing`."""
_BEFORE_ANSWER, _RECOMMENDING = 7, 7
"""The time until a language model begins to answer, and the words around a question that it recommends, in
characters that it writes.
"""
_DOING_MS = {"did": 60_000, "looked": 45_000, "awaited": 300_000}
"""The minimum time to do what a remark tells of with these gaps, ms."""


class Efforts(NamedTuple):
    """What the length of texts costs, for each utterance."""

    typing_ms: Ints
    """The time to type the question, ms; 0 for one on which users tap."""
    reading_ms: Ints
    """The time to read its answer, ms."""
    matching: Ints
    """How long a bot that knows keywords takes for the answer; 1024 is usual."""
    writing: Ints
    """How long a language model takes to write the answer; 1024 is usual for the answer of a pair."""
    doing_ms: Ints
    """The minimum time from the answer before until users have done what the question tells of, ms; 0 if it
    tells of nothing.
    """
    row: Ints
    """The begin of the row of its outcome in `Durations.latency`."""


def efforts(
    utterances: Sequence[Utterance],
    small_talk: Sequence[SmallTalk],
    apart: Collection[Utterance] = (),
    times: Ints | None = None,
    mistaken: Collection[str] = (),
) -> Efforts:
    """The efforts for *utterances*, to which the bot replies with its pairs and remarks of *small_talk*.

    Those *apart* do not count for what is usual for a bot that knows keywords, and those with *mistaken*
    texts for no bot, as users seldom say each of them. *times* are how many in a row are like each of them;
    without it, each stands for itself.
    """
    replies = {
        Utterance(text, "chat"): one.answer for one in small_talk for text in (one.question, *one.variants)
    }
    times = np.ones(len(utterances), np.int64) if times is None else times
    asked = np.array([_size(one.template) for one in utterances], np.int64)
    answered = np.array([_size(_reply(one, replies)) or 16 for one in utterances], np.int64)
    reading = _MS_TO_START + _MS_A_CHARACTER_READ * np.minimum(answered, _MAX_READ)
    typing = np.where([one.is_tapped for one in utterances], 0, _MS_A_CHARACTER_TYPED * asked)
    usual = np.where([one in apart or one.template in mistaken for one in utterances], 0, times)
    matching = np.clip(_relative(60 + answered + 2 * asked, usual), 640, 1900)
    direct = [one.outcome == "direct" and one.template not in mistaken for one in utterances]
    recommends = np.array([one.outcome == "recommend" for one in utterances], bool)
    written = np.where(recommends, answered // 3 + _RECOMMENDING, answered)
    writing = np.clip(
        _relative(_BEFORE_ANSWER + written + asked, np.where(direct, times, 0)), _LEAST_WRITING, _MOST_WRITING
    )
    doing = np.array([doing_ms(one.template) for one in utterances], np.int64)
    row = np.array([OUTCOMES.index(one.outcome) * QUANTILES for one in utterances], np.int64)
    columns = (typing, reading, matching, writing, doing, row)
    return Efforts(*(np.repeat(small(column), times) for column in columns))


def doing_ms(template: str) -> int:
    """The minimum time to do what *template* tells of, ms; 0 if it tells of nothing."""
    return max((_DOING_MS.get(kind, 0) for kind in gaps_of(template)), default=0) if "{" in template else 0


def _relative(effort: Ints, weights: Ints) -> Ints:
    """Each *effort*, where 1024 is the mean by these *weights*."""
    mean = max(1, int((effort * weights).sum()) // max(1, int(weights.sum())))
    relative: Ints = effort * 1024 // mean
    return relative


def _reply(said: Utterance, replies: Mapping[Utterance, str]) -> str:
    """The answer to an utterance, of its pair or one of *replies*; empty if there is none."""
    if said.pair:
        return said.pair.answer if said.outcome == "direct" else said.pair.question * 3
    return replies.get(said, "")


def _size(text: str) -> int:
    """The length of a text in Chinese characters, which have three bytes; three letters count as one."""
    return len(text.encode()) // 3
