"""What users say after questions about pairs: at once, or when they have done what the answer says."""

from collections.abc import Callable
from typing import NamedTuple

from mockcbs.traffic.knowledge import KnowledgeBase, Pair, Utterance
from mockcbs.traffic.turns import Outcome
from mockcbs.traffic.words.reading import doing_ms

_USUAL = 2
"""The number of remarks after a pair that are for any question."""


class After(NamedTuple):
    """What users say after questions about one pair, without a match."""

    at_once: list[Utterance]
    done: list[Utterance]
    """What users say who have done what the answer says; some pairs have no such remarks."""


class FollowUps:
    """The remarks of one knowledge base after questions."""

    def __init__(self, knowledge: KnowledgeBase, said: Callable[[str, Outcome], Utterance]) -> None:
        """*said* makes an utterance."""
        self._domains = {pair.domain for pair in knowledge.pairs}
        self._after = {
            key: [said(text, "notmatch") for text in texts] for key, texts in knowledge.follow_ups.items()
        }
        self.usual = [said(text, "notmatch") for text in knowledge.fragments or ("",)]
        """Those for any question."""

    def after(self, pair: Pair, place: int) -> After:
        """Those for *pair*, in another order at each *place*; a few fit any question."""
        every = [
            remark
            for key, remarks in self._after.items()
            if key == pair.domain or (key not in self._domains and key in pair.question)
            for remark in remarks
        ]
        done = [one for one in every if doing_ms(one.template)]
        at_once = [one for one in every if one not in done]
        if not at_once:
            return After(turned(self.usual, 3 * place), done)
        remarks = turned(at_once, 3 * place) + turned(self.usual, place)[:_USUAL]
        return After([*dict.fromkeys(remarks)], done)


def turned(said: list[Utterance], place: int) -> list[Utterance]:
    """*said*, from another one on at each *place*."""
    begin = place % len(said)
    return said[begin:] + said[:begin]


def evenly(said: list[Utterance]) -> list[Utterance]:
    """*said* repeatedly, so that the first of them are hardly more frequent than the others."""
    half = len(said) // 2
    return [*said, *said[half:], *said[:half], *said[::-1]]
