"""Public holidays as users speak of them: each by its name, from some days before until its end."""

import re
from functools import cache
from typing import NamedTuple

import numpy as np

from mockcbs.traffic.amounts.calendar import spans_off

NAMES = ("元旦", "春节", "清明", "五一", "端午", "中秋", "国庆")
"""The holidays of a year; other modules number them in this order."""
ANY = len(NAMES)
"""The number of texts about any holiday, whichever is near."""
_NEW_YEAR, _SPRING, _QINGMING, _MAY, _DRAGON_BOAT, _MID_AUTUMN, _NATIONAL = range(len(NAMES))
_NAMED = [
    re.compile(words)
    for words in ("元旦", "春节|过年|除夕", "清明", "五一|劳动节", "端午", "中秋", "国庆|十一(?:放假|假期)")
]
_ANY = re.compile(
    "节假日|长假|放几天假|补班|放假|(?<![年病事产婚丧寒暑休])假期(?!余额|天数|还[剩有])"
    "|public holiday|bank holiday|over the holidays"
)
_BEFORE = 10
"""Users speak of a holiday so many days before it."""
_EARLY, _EACH_DAY, _DURING = 20, 5, 48
"""How eagerly they do so: ten days before, more on each day, and in the holiday."""


class Near(NamedTuple):
    """A holiday that is near some day."""

    number: int
    eagerness: int
    """How often users speak of it: the share of 256 questions, some of which are about it."""
    is_ahead: bool
    """Whether it has not begun; later nobody asks whether there are days off."""


def named(text: str) -> int | None:
    """The number of the holiday that *text* names, `ANY` if it is about any, or `None`."""
    for number, name in enumerate(_NAMED):
        if name.search(text):
            return number
    return ANY if _ANY.search(text) else None


@cache
def near(day: int) -> tuple[Near, ...]:
    """The holidays of which users speak on *day* (a local day, days since 1970)."""
    found = []
    for first, last, is_spring in spans_off():
        if first - _BEFORE <= day <= last:
            eagerness = _DURING if day >= first else _EARLY + _EACH_DAY * (_BEFORE - first + day)
            found += [
                Near(number, eagerness, day < first) for number in _numbers(first, last, is_spring=is_spring)
            ]
    return tuple(found)


def _numbers(first: int, last: int, *, is_spring: bool) -> list[int]:
    """The holidays that the days off from *first* to *last* are for; two that meet share their days."""
    if is_spring:
        return [_SPRING]
    dates = {_date(day)[5:] for day in range(first, last + 1)}
    for date, number in (("01-01", _NEW_YEAR), ("12-31", _NEW_YEAR), ("05-01", _MAY)):
        if date in dates:
            return [number]
    months = {date[:2] for date in dates}
    if "10-01" in dates:
        return [_NATIONAL] if _date(first)[:4] in _apart() else [_NATIONAL, _MID_AUTUMN]
    return [_QINGMING if "04" in months else _DRAGON_BOAT if months & {"05", "06"} else _MID_AUTUMN]


@cache
def _apart() -> frozenset[str]:
    """The years in which the Mid-Autumn Festival has days off of its own: all in September."""
    starts = (_date(first) for first, last, _ in spans_off() if _date(last)[5:7] == "09")
    return frozenset(date[:4] for date in starts)


def _date(day: int) -> str:
    return str(np.datetime64(day, "D"))
