"""Greetings, and the hours in which users say them."""

import re
from collections.abc import Sequence

_DAY = (
    (range(5, 11), "早上好|早安|早啊|早呀|^早$"),
    (range(5, 12), "good morning"),
    (range(8, 12), "上午好"),
    (range(11, 14), "中午好"),
    (range(12, 18), "下午好|good afternoon"),
    (range(18, 24), "晚上好|晚安|good evening"),
)
"""The local hours of greetings."""
_GREETINGS = (
    (5, ("你好", "还没休息吧")),
    (11, ("早上好", "早", "早啊")),
    (14, ("中午好", "你好")),
    (18, ("下午好", "你好")),
    (24, ("晚上好", "晚上好啊")),
)
_GOOD_DAYS = (
    (5, ("hello",)),
    (12, ("good morning", "morning")),
    (18, ("good afternoon",)),
    (24, ("good evening",)),
)


def hours_of(text: str) -> range | None:
    """The local hours in which users say the greeting *text*; `None` for any hour."""
    return next((hours for hours, words in _DAY if re.search(words, text, re.IGNORECASE)), None)


def greeting(hour: int, number: int) -> str:
    """A Chinese greeting that fits that local *hour*, chosen by *number*."""
    return _fitting(_GREETINGS, hour, number)


def good_day(hour: int, number: int) -> str:
    """An English greeting that fits that local *hour*, chosen by *number*."""
    return _fitting(_GOOD_DAYS, hour, number)


def _fitting(greetings: Sequence[tuple[int, tuple[str, ...]]], hour: int, number: int) -> str:
    texts = next(texts for until, texts in greetings if hour < until)
    return texts[number % len(texts)]
