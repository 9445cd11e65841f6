"""Questions about a pair that the bot does not match: in vague words."""

import re
from collections.abc import Sequence
from functools import lru_cache

from mockcbs.traffic.knowledge import Pair
from mockcbs.traffic.words.kinds import Kind, kind_of

_WORDED = 8
"""The maximum number of questions about one pair in vague words."""
_STATE = re.compile("[了不没]|^[几多一两七十误忘]|多久")
"""What marks a keyword that is no thing, such as 丢了: vague questions with it make no sense."""
_ABSTRACT = re.compile("质量|网速|物流|抬头|网站|图书|颜色|价格|味道|尺寸|运费|积分")
"""Keywords for what cannot break down and belongs to no user."""
_FAILS = re.compile(
    "不行|出问题|不好用|没反应|不对|回事|什么情况|啥情况|还没好|搞错|为啥这样|给个说法|查一下|"
    "broken|not working|acting up|trouble",
)
"""Vague words for what fails."""
_BREAKS = re.compile("不行|出问题|不好用|没反应|有点不对|还没好|我的|我那个")
"""Vague words for a thing that fails, and for a thing of the user."""
_DOES = re.compile("咋弄|怎么搞|怎么弄|弄不明白|没弄明白|不会弄|不懂|懂|求助|找谁|归谁|stuck|lost|no luck")
"""Vague words for what users do not know how to do."""
_LEARNS = re.compile("了解|咨询")
"""Vague words of users for whom nothing fails."""
_URGES = re.compile("help$|again$")
"""Vague words that are not for facts."""
_GONE = re.compile("[丢偷]|误删|[写填]错")
"""What is lost or wrong, so that it neither works nor fails."""
COUNTS = re.compile("怎么[算评]|^How are")
"""Questions with how that are about facts."""


def is_thing(keyword: str) -> bool:
    """Whether *keyword* can be a question by itself, and the thing that a vague question names."""
    return not _STATE.search(keyword)


def vague_questions(pair: Pair, keywords: Sequence[str], templates: Sequence[str], place: int) -> list[str]:
    """Questions about *pair* without a match, different ones at each *place*.

    *keywords* are those of the pair. The words of *templates* fit what the pair is about: only what can fail
    又不行了. None has a typo, as many users ask these questions: `phrasing` draws typos for each turn.
    """
    kind = _kind(pair.question)
    stem = thing_of(pair, keywords)
    if _ABSTRACT.search(stem):
        templates = [one for one in templates if not _BREAKS.search(one)] or templates
    fitting = [one for one in templates if _fits(kind, one)] or templates
    count = min(len(fitting), _WORDED)
    worded = (
        fitting[(place * 7 + number) % len(fitting)].replace("{keyword}", stem) for number in range(count)
    )
    return list(dict.fromkeys(worded))


def thing_of(pair: Pair, keywords: Sequence[str]) -> str:
    """What users call the thing that *pair* with these *keywords* is about."""
    return pair.about or _stem(pair, _kind(pair.question), keywords)


def half(question: str) -> str:
    """The first half of *question*, for want of a keyword."""
    return question[: max(1, len(question) // 2)]


def _stem(pair: Pair, kind: Kind, keywords: Sequence[str]) -> str:
    """The keyword that vague questions about *pair* name: what fails, or else the longest one."""
    things = [word for word in keywords if is_thing(word)] or list(keywords)
    if not things:
        return half(pair.question)
    here = [word for word in things if word in pair.question] or things
    if kind in {"trouble", "mishap"}:
        return min(here, key=pair.question.find)
    return max(here, key=len)


def _kind(question: str) -> Kind:
    """What *question* is about: that of which something is gone, or how much it is, is a fact."""
    return "fact" if _GONE.search(question) or COUNTS.search(question) else kind_of(question)


@lru_cache(4096)
def _fits(kind: Kind, template: str) -> bool:
    fails = kind in {"trouble", "mishap"}
    if _FAILS.search(template):
        return fails
    if _DOES.search(template):
        return kind == "how"
    if _URGES.search(template):
        return fails or kind == "how"
    return not (fails and _LEARNS.search(template))
