"""How long users read and type, and how long a bot writes, by the length of the texts."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from mockcbs.traffic.knowledge import SmallTalk, Utterance
from mockcbs.traffic.turns import Ints

_MS_TO_START, _MS_A_CHARACTER_READ, _MS_A_CHARACTER_TYPED = 2_500, 230, 1_150
"""The time in ms before users begin to type, and for each character that they read and type."""
_MAX_READ = 260
"""The maximum number of characters that users read; they only skim the rest of a longer answer."""


class Efforts(NamedTuple):
    """What the length of texts costs, for each utterance."""

    typing_ms: Ints
    """The time to type the question, ms; 0 for one on which users tap."""
    reading_ms: Ints
    """The time to read its answer, ms."""
    writing: Ints
    """How long the bot takes to write the answer; 1024 is usual."""


def efforts(
    utterances: Sequence[Utterance], small_talk: Sequence[SmallTalk], apart: Collection[Utterance] = ()
) -> Efforts:
    """The efforts for *utterances*, to which the bot replies with its pairs and remarks of *small_talk*.

    Those *apart* do not count for what is usual.
    """
    replies = _replies(utterances, small_talk)
    asked = np.array([_size(one.template) for one in utterances], np.int64)
    answered = np.array([_size(replies.get(one, "")) or 16 for one in utterances], np.int64)
    reading = _MS_TO_START + _MS_A_CHARACTER_READ * np.minimum(answered, _MAX_READ)
    effort = 60 + answered + 2 * asked
    usual = effort[[one not in apart for one in utterances]]
    mean = max(1, int(usual.sum()) // max(1, len(usual)))
    typing = np.where([one.is_tapped for one in utterances], 0, _MS_A_CHARACTER_TYPED * asked)
    return Efforts(typing, reading, np.clip(effort * 1024 // mean, 640, 1900))


def _replies(utterances: Sequence[Utterance], small_talk: Sequence[SmallTalk]) -> dict[Utterance, str]:
    """The answer to each utterance that is a pair or small talk."""
    found: dict[Utterance, str] = {}
    for one in utterances:
        if one.pair:
            found[one] = one.pair.answer if one.outcome == "direct" else one.pair.question * 3
    for remark in small_talk:
        for text in (remark.question, *remark.variants):
            found[Utterance(text, "chat")] = remark.answer
    return found


def _size(text: str) -> int:
    """The length of a text in Chinese characters, which have three bytes; three letters count as one."""
    return len(text.encode()) // 3
