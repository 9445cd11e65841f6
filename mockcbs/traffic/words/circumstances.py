"""What users tell in one line with the first question of a session: how it came up."""

from collections.abc import Callable, Sequence

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.bits import Words
from mockcbs.traffic.gaps import CHINESE
from mockcbs.traffic.knowledge import KnowledgeBase
from mockcbs.traffic.turns import Outcome
from mockcbs.traffic.words.details import owned
from mockcbs.traffic.words.kinds import kind_of
from mockcbs.traffic.words.phrases import clash, fits_place
from mockcbs.traffic.words.voices import Flags

_MIXER = np.uint64(0xD6E8FEB86659FD93)
_UNDERSTOOD, _COMPARED = 170, 95
"""The number of 1024 answered first questions with such a sentence, if the bot understands long texts, and if
it compares texts.
"""
_MOST = 54
"""The maximum number of characters of the question and what is told together."""
_LAST = 2
"""One in so many of these sentences comes after the question."""


def telling_rows(
    words: Words, outcomes: Sequence[Outcome], first: Flags, *, understands: bool
) -> frozenset[int]:
    """The turns with these *words* and *outcomes* in which users tell more; *first* begin their session.

    *understands* is whether their bot understands such texts, as language models do.
    """
    drawn = (words * _MIXER >> np.uint64(54)).astype(np.int64)
    some = np.flatnonzero(first & (drawn < (_UNDERSTOOD if understands else _COMPARED))).tolist()
    return frozenset(row for row in some if outcomes[row] == "direct")


class Circumstances:
    """What the users of one knowledge base tell with their questions."""

    def __init__(self, knowledge: KnowledgeBase, harmless: Callable[[Sequence[str]], list[str]]) -> None:
        """*harmless* returns those of some texts that have no keyword."""
        self._knowledge, self._harmless = knowledge, harmless

    def of(self, asked: str, key: int, own: int) -> str:
        """What a user of the bot with that *key* tells who asks *asked*, chosen by the number *own*; empty if
        nothing fits.
        """
        pair = self._knowledge.by_question.get(asked)
        if pair is None or kind_of(asked) in {"task", "other"}:  # nobody tells a story and ends on a label
            return ""
        stated = self._knowledge.stated_for(self._knowledge.circumstances, pair)
        every = [text for texts in stated for text in texts]
        told = "".join(self._harmless([owned(every[own % len(every)], key, own)])) if every else ""
        return told if len(told) + len(asked) <= _MOST else ""


def around(told: str, opening: str, closing: str, own: int) -> tuple[str, str]:
    """What a user says before and after a question who also has *told* something.

    Of other openings only a greeting stays, and nothing that says the same or contradicts.
    """
    comma = _comma(told)
    if clash(opening, told) or fits_place(opening, first=False):
        opening = ""
    if bits.key(own, "told") % _LAST == 0:
        return opening, comma + told
    return opening + told + comma, closing


def _comma(text: str) -> str:
    return "，" if CHINESE.search(text) else ", "
