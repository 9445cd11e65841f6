"""What users say after questions about pairs: at once, or when they have done what the answer says."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple
from zlib import crc32

from mockcbs.traffic.gaps import CHINESE
from mockcbs.traffic.knowledge import KnowledgeBase, Pair, Utterance
from mockcbs.traffic.turns import Outcome
from mockcbs.traffic.words.kinds import asks, kind_of
from mockcbs.traffic.words.reading import doing_ms
from mockcbs.traffic.words.vague import COUNTS

_USUAL = 2
"""The number of remarks after a pair that are for any question."""
_WAYS = (*("{thing}，{remark}",) * 5, *("{thing} {remark}",) * 4, "就是{thing}，{remark}")
_ASKING_WAYS = (*_WAYS, *("{remark}，{thing}",) * 3)
_BARE_WAYS = (*("{thing}{remark}",) * 8, *("{thing}的话{remark}",) * 3)
_ENGLISH_WAYS = ("{thing}, {remark}", "{remark}, {thing}", "{thing}: {remark}", "{remark} - {thing}")
"""How users name a thing with a remark about it."""
_NO_THING = re.compile("质量|声音|味道|颜色|尺寸|价格|速度|大小|材质")
"""Names that say nothing alone, beside a remark."""
_COMMON = frozenset("没有不的了一可")
"""Characters that a name and a remark may share."""
_WAITING = re.compile("等多久|^急$|how long")
_WAYS_OUT = re.compile("别的办法|怎么办|somebody else")
_STEPS = re.compile("在哪看|链接|link|where exactly|which button|video|second step|screenshots")
_PEOPLE = re.compile("找谁|电话|联系方式|就这样|who can I ask")
"""Remarks for any question that do not fit each kind of it."""
_LASTS = re.compile(r"[天周]|小时|分钟|工作日|审批|审核|尽快|\b(?:day|hour|minute|week|approv)")
_SERVICE = re.compile("申请|退|换|取消|开通|报修|补办|寄|重装|refund|request|cancel|replace")
"""What answers say, and questions name, where users wait for somebody."""
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

    def fitting(self, question: str, answer: str = "") -> list[Utterance]:
        """Those for any question that fit *question* and its *answer*; without a match there is none."""
        return [one for one in self.usual if _fits(one.template, question, answer)] or self.usual

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
            return After(turned(self.fitting(pair.question, pair.answer), 3 * place), done)
        usual = self.fitting(pair.question, pair.answer)
        remarks = turned(at_once, 3 * place) + turned(usual, place)[:_USUAL]
        return After([*dict.fromkeys(remarks)], done)


def more_about(thing: str, remarks: Sequence[str]) -> list[str]:
    """The *remarks* after a question about a *thing* in words that name it, so that its pair answers them:
    退款，能快点吗. Remarks that speak of the thing already, or of the user, are left out.
    """
    if _NO_THING.fullmatch(thing):
        return []
    return [_named(thing, remark.removeprefix("那")) for remark in remarks if _can_name(thing, remark)]


def _can_name(thing: str, remark: str) -> bool:
    """Whether users name the *thing* beside *remark*: not 退差价，差价退到哪."""
    if not CHINESE.search(remark):
        return thing not in remark
    return not remark.startswith("那我") and ({*thing} & {*remark}) <= _COMMON


def _named(thing: str, remark: str) -> str:
    """*remark* with the name of the *thing* before or after it."""
    ways: tuple[str, ...] = _ENGLISH_WAYS
    if CHINESE.search(remark):
        ways = _ASKING_WAYS if asks(remark) else _WAYS
    if _BARE.match(remark):
        ways = (*_BARE_WAYS, *ways)
    chosen = ways[crc32((thing + remark).encode()) % len(ways)]
    return chosen.format(thing=thing, remark=remark)


def _fits(remark: str, question: str, answer: str) -> bool:
    """Whether users say *remark*, which is for any question, after this one and its *answer*."""
    kind = kind_of(question)
    fails = kind in {"trouble", "mishap"}
    does = kind in {"how", "task"} and not COUNTS.search(question)
    if _WAITING.search(remark):
        lasts = not answer or _LASTS.search(answer) is not None
        return lasts and (fails or (does and _SERVICE.search(question) is not None))
    if _WAYS_OUT.search(remark):
        return fails or does
    if _STEPS.search(remark):
        return does or kind in {"trouble", "where"}
    return not _PEOPLE.search(remark) or not answer or fails or does or kind == "where"


def turned(said: list[Utterance], place: int) -> list[Utterance]:
    """*said*, from another one on at each *place*."""
    begin = place % len(said)
    return said[begin:] + said[:begin]


def evenly(said: list[Utterance]) -> list[Utterance]:
    """*said* three times over, so that users say the last of them nearly as often as the first."""
    return 3 * said
