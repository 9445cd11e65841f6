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
_SENTENCES = ("{thing}{remark}",)
_QUESTIONS = (*("{thing}{remark}",) * 7, *("那{thing}{remark}",) * 2, "{thing}的话{remark}")
_ENGLISH_QUESTIONS = ("about {thing}, {remark}", "for {thing}, {remark}")
"""How users name a thing in one sentence with a remark about it."""
_MOST_ENGLISH = 44
"""The maximum number of characters of an English name and a remark beside it."""
_COMMON = frozenset("没有不的了一可")
"""Characters that a name and a remark may share."""
_WAITING = re.compile("等多久|^急$|how long")
_WAYS_OUT = re.compile("别的办法|怎么办|somebody else")
_STEPS = re.compile("链接|link|where exactly|which button|video|second step|screenshots")
_LOOKS = re.compile("在哪看")
_SHOWN = re.compile("查看|查询|页面|公众号|列表|记录|通知|公告|详情|官网|里看")
"""Remarks about what an answer says is to be seen, and what such answers say."""
_PEOPLE = re.compile("找谁|电话|联系方式|就这样|who can I ask")
"""Remarks for any question that do not fit each kind of it."""
_OF_ANSWERS = re.compile(
    "还有呢|没看懂|什么意思|你确定|说详细|就这样吗|^and then|what do you mean|more details|second step"
)
"""Remarks for any question that make sense only after an answer."""
_GIVES_UP = re.compile("^那?算了")
"""What users say only who got no answer, and who say no more about it."""
_LASTS = re.compile(r"[天周]|小时|分钟|工作日|审批|审核|尽快|\b(?:day|hour|minute|week|approv)")
_SERVICE = re.compile("申请|退|换|取消|开通|报修|补办|寄|重装|refund|request|cancel|replace")
"""What answers say, and questions name, where users wait for somebody."""
_PREDICATE = re.compile(
    "(?!要是|有点|还有呢|还没出库|没看懂|什么意思)(?:要|能|可|多久|几|多少|什么|怎么|在?哪|谁|有|会|还|又|也|都(?!不)|一直|一般|没|过了|今[天晚]|明天|周[末六日]|现在|到底|"
    "具体|大概|最多|至少|先|晚|被|影响|联系|找|用|换|到|付|补|满|一次|两[单门个]|以后|必须|必|需|上午|下午|夜里)"
)
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
        self._knowledge = knowledge

        def remarks(texts: Sequence[str]) -> list[Utterance]:
            return [said(text, "notmatch")._replace(is_more=True) for text in texts]

        self._after = {key: remarks(texts) for key, texts in knowledge.follow_ups.items()}
        self.usual = remarks(knowledge.fragments or ("",))
        """Those for any question."""

    def fitting(self, question: str, answer: str | None = None) -> list[Utterance]:
        """Those for any question that fit *question* and its *answer*; `None` if it had no match."""
        some = _OF_ANSWERS if answer is None else _GIVES_UP
        usual = [one for one in self.usual if not some.search(one.template)] or self.usual
        return [one for one in usual if _fits(one.template, question, answer or "")] or usual

    def after(self, pair: Pair, place: int) -> After:
        """Those for *pair*, in another order at each *place*; a few fit any question."""
        every = [remark for remarks in self._knowledge.stated_for(self._after, pair) for remark in remarks]
        done = [one for one in every if doing_ms(one.template)]
        at_once = [one for one in every if one not in done]
        if not at_once:
            return After(turned(self.fitting(pair.question, pair.answer), 3 * place), done)
        usual = self.fitting(pair.question, pair.answer)
        own, every, half = turned(at_once, 3 * place), turned(usual, place), len(at_once) // 2
        # Nobody says two for any question in a row.
        remarks = [*own[:half], *every[: _USUAL // 2], *own[half:], *every[_USUAL // 2 : _USUAL]]
        return After([*dict.fromkeys(remarks)], done)


def with_thing(thing: str, remark: str) -> str:
    """The *remark* after a question about a *thing* in one sentence with it, so that its pair answers them:
    退款能快点吗. It is empty if they make none, or if the remark speaks of the thing already.
    """
    said = remark.removeprefix("那")
    ways: tuple[str, ...] = ()
    if not CHINESE.search(remark):
        if asks(remark) and thing not in remark and len(thing) + len(remark) <= _MOST_ENGLISH:
            ways = _ENGLISH_QUESTIONS
    elif _PREDICATE.match(said) and {*thing} & {*remark} <= _COMMON:
        ways = _QUESTIONS if asks(remark) else _SENTENCES
        thing = thing.removesuffix("时间").removeprefix("用")
    return ways[crc32((thing + said).encode()) % len(ways)].format(thing=thing, remark=said) if ways else ""


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
    if _LOOKS.search(remark):
        return _SHOWN.search(answer) is not None
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
