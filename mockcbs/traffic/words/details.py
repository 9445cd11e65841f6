"""What users add who say whose or which thing it is: a staff number, an asset tag, a room, an order."""

import re
from collections.abc import Callable

import numpy as np

from mockcbs.traffic.bits import Words
from mockcbs.traffic.gaps import CHINESE, without_gaps
from mockcbs.traffic.knowledge import KnowledgeBase
from mockcbs.traffic.words.kinds import Kind

_MIXER = np.uint64(0x8EBC6AF09C88C6E3)
_SHARE = 80
"""The number of 256 statements with a detail, if there is one that fits."""
_STATES = re.compile(r"[了不没老满慢卡]|\b(?:my|our|I|we)\b")
"""What makes a text without a verb such as 坏 a statement about somebody's own thing."""
_AWAITS = re.compile("什么时候|几天|到哪|了吗|还没|怎么查|看不懂|出来|能出|when will")
"""What makes a question one about what somebody waits for."""
_STATED = ("提示{}", "{}", "显示：{}", "弹出{}")
_ENGLISH_STATED = ("it says {}", "{}", "I get {}")
"""What users say of an error code."""
_MARKS = "。！…～？?!.~"


def detailed_rows(words: Words) -> list[int]:
    """The turns with these *words* in which users add a detail, if one fits."""
    return np.flatnonzero(words * _MIXER >> np.uint64(56) < _SHARE).tolist()


def details_of(
    knowledge: KnowledgeBase, asked: str, kind: Kind, is_harmless: Callable[[str], bool]
) -> tuple[str, ...]:
    """The details that fit *asked*, a wording of a pair that has that *kind*; none for other texts.

    They include the error codes of the pair if something fails. *is_harmless* tells whether a text has no
    keyword.
    """
    pair = knowledge.by_question.get(asked)
    owns = _STATES if kind == "other" else _AWAITS
    if pair is None or not (kind in {"trouble", "mishap", "task"} or owns.search(asked)):
        return ()
    told = knowledge.details.items()
    every = [text for key, some in told if key == pair.domain or key in pair.question for text in some]
    if kind == "trouble" or (kind == "other" and re.search("[不没]|失败|过期", asked)):
        stated = _STATED if CHINESE.search(asked) else _ENGLISH_STATED
        every += [text.format(error) for error in pair.errors for text in stated]
    return tuple(text for text in every if is_harmless(without_gaps(text).replace("#", "7")))


def with_detail(text: str, detail: str) -> str:
    """*text* and a *detail* after it; the same *text* if it ends with an emoji."""
    plain = text.rstrip(_MARKS)
    if not plain or not plain[-1].isalnum():
        return text
    return f"{plain}{'，' if CHINESE.search(text + detail) else ', '}{detail}"
