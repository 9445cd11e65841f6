"""What users say around a question that they ask once more, such as 我是问{question}."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from mockcbs.traffic.gaps import CHINESE
from mockcbs.traffic.words.kinds import asks

_ASKS = re.compile("问|知道|告诉|anybody|asked")
"""What only fits a question."""
_IMPATIENT = re.compile("几遍|几次|半天|听不懂|没听|看清楚|复制|没人|再问|hard|again|hello|anybody|asked")
"""What users do not say when they ask a second time."""
_MEANS = re.compile("我问的|我是问|我是想问|我说的|不是|没听明白|看清楚|换个问法|I mean|I asked|not it|^no,")
"""Rephrasings after the answer to another question."""
_INSISTING = 3
"""The maximum number of ways to ask one question a second or third time."""
_ALONE = "{question}"


class Rephrasings:
    """The rephrasings of one knowledge base, by the questions that they fit."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._are_chinese = any(CHINESE.search(one) for one in texts)
        self._of_questions = _Fitting.of(texts)
        self._of_others = _Fitting.of([one for one in texts if not _ASKS.search(one)])

    def meaning(self, question: str, place: int) -> str:
        """*question* as users say it who got the answer to another one, other words at each *place*."""
        meant = self._fitting(question).meant
        return _wrapped(meant[place % len(meant)], question)

    def again(self, question: str, place: int) -> tuple[list[str], list[str]]:
        """Ways to ask *question* a second and a third time, different ones at each *place*."""
        fitting = self._fitting(question)
        some = _some(fitting.calm, place)[0], _some(fitting.every, place)[1]
        first, second = ([_wrapped(wrap, question) for wrap in wraps] for wraps in some)
        return first, second

    def _fitting(self, text: str) -> "_Fitting":
        """Those that fit *text*: its language, one line, and whether it asks."""
        if "\n" in text or self._are_chinese > bool(CHINESE.search(text)):
            return _NONE
        return self._of_questions if asks(text) else self._of_others


class _Fitting(NamedTuple):
    """Some rephrasings; if there are none of a kind, the question alone."""

    every: Sequence[str]
    calm: Sequence[str]
    """Those of users who are not impatient."""
    meant: Sequence[str]
    """Those of users who meant another question."""

    @classmethod
    def of(cls, texts: Sequence[str]) -> "_Fitting":
        """The *texts* by kind."""
        every = texts or (_ALONE,)
        calm = [one for one in every if not _IMPATIENT.search(one)] or every
        return cls(every, calm, [one for one in texts if _MEANS.search(one)] or (_ALONE,))


_NONE = _Fitting.of(())


def _wrapped(wrap: str, question: str) -> str:
    """*question* with what a user says before and after it; its first letter is small after other words."""
    if not wrap.startswith("{") and not wrap.endswith(": {question}") and question[1:2].islower():
        question = question[0].lower() + question[1:]
    return wrap.replace("{question}", question)


def _some(texts: Sequence[str], place: int) -> tuple[list[str], list[str]]:
    """Some of *texts*, different ones at each *place*, for the second and the third time."""
    count = min(len(texts), 2 * _INSISTING)
    chosen = [texts[(place * 3 + number) % len(texts)] for number in range(count)]
    return chosen[: (count + 1) // 2], chosen[count // 2 :]
