"""The arithmetic and the functions of formulas, on the values of `values`."""

from collections.abc import Callable
from operator import add, mul, sub
from typing import Any

from mockcbs.services.feishu.values import Day, Moment, contains, day_of, is_empty

MAX_TEXT = 100_000
"""The maximum length of a joined text in characters."""


def arithmetic(left: Any, sign: str, right: Any) -> Any:
    """A sum, difference, product or quotient. Dates count in days; an impossible result is empty."""
    try:
        if sign in "+-" and isinstance(left, Moment | Day):
            return _shifted(left, sign, right)
        if sign == "+" and isinstance(left, str) and isinstance(right, str):
            return joined(left, right)
        if not (isinstance(left, int | float) and isinstance(right, int | float)):
            return None
        if sign == "/":
            return float(left) / float(right)
        found = {"+": add, "-": sub, "*": mul}[sign](left, right)
        return found if abs(found) < 1e300 else None
    except (OverflowError, ZeroDivisionError):
        return None


def _shifted(left: Moment | Day, sign: str, right: Any) -> Any:
    if isinstance(right, Moment | Day):
        return (left.ms - right.ms) / 86_400_000 if sign == "-" else None
    if not isinstance(right, int | float) or abs(right) > 1e7:
        return None
    days = right if sign == "+" else -right
    return Day(left.number + int(days)) if isinstance(left, Day) else Moment(left.ms + int(days * 86_400_000))


def truth(value: Any) -> bool:
    """Whether a value counts as true: it is neither zero nor empty."""
    return bool(value) and not is_empty(value)


def text_of(value: Any) -> str:
    """A value as text, for joining."""
    if isinstance(value, list):
        return ",".join(map(str, value))
    if isinstance(value, Moment | Day):
        day = value.day if isinstance(value, Moment) else value
        try:
            return day.date.strftime("%Y/%m/%d")
        except (OverflowError, ValueError):  # beyond the years 1 to 9999
            return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return "" if value is None else str(value)


def joined(*values: Any) -> str | None:
    """*values* as one text; empty if it becomes longer than `MAX_TEXT`."""
    texts, length = [], 0
    for value in values:
        texts.append(text_of(value))
        length += len(texts[-1])
        if length > MAX_TEXT:
            return None
    return "".join(texts)


def _weekday(value: Any, kind: Any = 1) -> Any:
    """The day of the week: 1 for Sunday to 7, or with kind 2, 1 for Monday to 7."""
    day = value.day if isinstance(value, Moment) else value
    if not isinstance(day, Day):
        return None
    weekday = (day.number + 3) % 7
    return weekday + 1 if kind == 2 else (weekday + 1) % 7 + 1


def _date(year: Any, month: Any, day: Any) -> Any:
    try:
        return day_of(int(year), int(month), int(day))
    except (ValueError, TypeError, OverflowError):
        return None


def _has(value: Any, *wanted: Any) -> bool:
    return any(contains(value, text_of(one)) for one in wanted)


FUNCTIONS: dict[str, tuple[Callable[..., Any], int, int]] = {
    "AND": (lambda *values: all(map(truth, values)), 1, 100),
    "OR": (lambda *values: any(map(truth, values)), 1, 100),
    "NOT": (lambda value: not truth(value), 1, 1),
    "TRUE": (lambda: True, 0, 0),
    "FALSE": (lambda: False, 0, 0),
    "BLANK": (lambda: None, 0, 0),
    "ISBLANK": (is_empty, 1, 1),
    "DATE": (_date, 3, 3),
    "WEEKDAY": (_weekday, 1, 2),
    "CONTAIN": (_has, 2, 100),
    "CONTAINTEXT": (_has, 2, 2),
    "LEN": (lambda value: len(text_of(value)), 1, 1),
}
"""The functions of formulas, with their minimum and maximum numbers of values."""
