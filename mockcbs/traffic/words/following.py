"""What users say after questions about pairs: at once, or when they have done what the answer says."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple
from zlib import crc32

from mockcbs.traffic.gaps import CHINESE
from mockcbs.traffic.knowledge import KnowledgeBase, Pair, Utterance
from mockcbs.traffic.turns import Outcome
from mockcbs.traffic.words.reading import doing_ms

_USUAL = 2
"""The number of remarks after a pair that are for any question."""
_WAYS = ("{thing}，{remark}", "{thing} {remark}", "{remark}，{thing}", "就是{thing}，{remark}")
_BARE_WAYS = ("{thing}{remark}", "{thing}{remark}", "{thing}的话{remark}")
_ENGLISH_WAYS = ("{thing}, {remark}", "{remark}, {thing}", "{thing}: {remark}", "{remark} - {thing}")
"""How users name a thing with a remark about it."""
_BARE = re.compile("(?:要|能|可以|多久|几|多少|什么|怎么|在哪|谁|有|会|可)")
"""How Chinese remarks begin that can follow the thing at once."""


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

        def remarks(texts: Sequence[str]) -> list[Utterance]:
            return [said(text, "notmatch")._replace(is_more=True) for text in texts]

        self._after = {key: remarks(texts) for key, texts in knowledge.follow_ups.items()}
        self.usual = remarks(knowledge.fragments or ("",))
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


def more_about(thing: str, remarks: Sequence[str]) -> list[str]:
    """The *remarks* after a question about a *thing* in words that name it, so that its pair answers them:
    退款，能快点吗.
    """
    return [_named(thing, remark.removeprefix("那")) for remark in remarks if thing not in remark]


def _named(thing: str, remark: str) -> str:
    """*remark* with the name of the *thing* before or after it."""
    ways: tuple[str, ...] = _WAYS if CHINESE.search(remark) else _ENGLISH_WAYS
    if _BARE.match(remark):
        ways = (*_BARE_WAYS, *ways)
    chosen = ways[crc32((thing + remark).encode()) % len(ways)]
    return chosen.format(thing=thing, remark=remark)


def turned(said: list[Utterance], place: int) -> list[Utterance]:
    """*said*, from another one on at each *place*."""
    begin = place % len(said)
    return said[begin:] + said[:begin]


def evenly(said: list[Utterance]) -> list[Utterance]:
    """*said* in turn, some times over, so that the first of them are little more frequent than the others.

    Who says something else about the same later gets another one.
    """
    return 3 * said
