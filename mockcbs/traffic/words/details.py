"""What users add who say whose or which thing it is: a staff number, an asset tag, a room, an order."""

import re
from collections.abc import Callable

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.bits import Words
from mockcbs.traffic.gaps import CHINESE, without_gaps
from mockcbs.traffic.knowledge import KnowledgeBase
from mockcbs.traffic.words.kinds import asks, kind_of
from mockcbs.traffic.words.names import with_digits
from mockcbs.traffic.words.voices import Flags

_MIXER = np.uint64(0x8EBC6AF09C88C6E3)
_FIRST, _LATER = 16, 90
"""The number of 256 first and of 256 later statements of a session with a detail, if one fits: more users
say whose thing it is when they state their problem again.
"""
_STATES = re.compile(r"[了不没老满慢卡]|\b(?:my|our|I|we)\b")
"""What makes a text without a verb such as 坏 a statement about somebody's own thing."""
_AWAITS = re.compile("什么时候|几天|到哪|了吗|还没|怎么查|看不懂|出来|能出|when will")
"""What makes a question one about what somebody waits for."""
_FAILS = re.compile("[不没]|失败|过期")
"""What makes another text one about trouble."""
_STATED = ("提示{}", "{}", "显示：{}", "弹出{}")
_ENGLISH_STATED = ("it says {}", "{}", "I get {}")
"""What users say of an error code."""
_PLACE = re.compile("[室楼栋舍]|房间")
_PLACED = re.compile(r"[楼栋层]|[a-d\d]座|[\d议]室|房间|食堂|家里|在家|出差|外地|校外|手机")
"""What makes a detail a place, and a text one that says where somebody is, or that it is not at a desk."""
_SHARED, _OWN = re.compile("<([^<>]*)>"), re.compile(r"\[([^\[\]]*)\]")
_LEADS = re.compile(r"号|[室楼栋舍级床]|这[台单]|^(?:SF|YT|JD)?\d{6}|^(?:ref|case|order|user id|team id|nr) ")
"""What users can say before the question, as it says whose or which thing is meant."""
_REPLIES = re.compile("我|不是|不对|还是|I |no[, ]")
"""How texts begin before which nothing is said: 我说的是…."""
_JOINTS, _ENGLISH_JOINTS = ("，", " "), (", ", " - ")
_MARKS = "。！…～？?!.~"


def detailed_rows(words: Words, first: Flags) -> list[int]:
    """The turns with these *words* in which users add a detail, if one fits; *first* begin their session."""
    shares = np.where(first, np.uint64(_FIRST), np.uint64(_LATER))
    return np.flatnonzero(words * _MIXER >> np.uint64(56) < shares).tolist()


def details_of(
    knowledge: KnowledgeBase, asked: str, text: str, is_harmless: Callable[[str], bool]
) -> tuple[str, ...]:
    """The details that fit *text*, which states what *asked* asks, a wording of a pair; none for other texts.

    They include the error codes of the pair if something fails. *is_harmless* tells whether a text has no
    keyword.
    """
    pair, kind = knowledge.by_question.get(asked), kind_of(asked)
    owns = _STATES if kind == "other" else _AWAITS
    if pair is None or not (kind in {"trouble", "mishap", "task"} or owns.search(asked)):
        return ()
    if text != asked and asks(text):
        return ()
    every = [text for some in knowledge.stated_for(knowledge.details, pair) for text in some]
    if _is_trouble(asked) and (text == asked or _is_trouble(text)):
        stated = _STATED if CHINESE.search(asked) else _ENGLISH_STATED
        every += [text.format(error) for error in pair.errors for text in stated]
    if _PLACED.search(asked + text):
        every = [text for text in every if not _PLACE.search(text)]
    return tuple(text for text in every if is_harmless(without_gaps(text).replace("#", "7")))


def _is_trouble(text: str) -> bool:
    """Whether *text* says that something fails, so that it can show an error code."""
    kind = kind_of(text)
    return kind == "trouble" or (kind == "other" and _FAILS.search(text) is not None)


def owned(detail: str, key: int, own: int) -> str:
    """*detail* as the user with the number *own* of the bot with that *key* says it.

    All users of a bot take the same of the choices in ``<6###|8####>``; those in ``[1|2|3]`` and the digits
    are the user's own.
    """
    shared = _SHARED.sub(lambda found: _one_of(found[1], key), detail)
    return with_digits(_OWN.sub(lambda found: _one_of(found[1], own), shared), own >> 8)


def _one_of(choices: str, number: int) -> str:
    some = choices.split("|")
    return some[bits.key(number, choices) % len(some)]


def with_detail(text: str, detail: str, own: int, start: int = 0) -> str:
    """*text* and a *detail* before its question, which begins at *start*, or after the text.

    Users with the same number *own* always do the same. Nothing comes after an emoji.
    """
    way = bits.key(own, "detail")
    joint = (_JOINTS if CHINESE.search(text + detail) else _ENGLISH_JOINTS)[way & 1]
    if way & 2 and _LEADS.search(detail) and not _REPLIES.match(text, start):
        return f"{text[:start]}{detail}{joint}{text[start:]}"
    plain = text.rstrip(_MARKS)
    return f"{plain}{joint}{detail}" if plain and plain[-1].isalnum() else text
