"""The rules for comparing values, shared by searches, formulas and views."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Literal

from mockcbs.services.feishu.envelope import SHANGHAI
from mockcbs.tables.model import Column, Row, Table
from mockcbs.traffic.periods import DAY, HOUR

Comparison = Literal["=", "!=", "<", "<=", ">", ">="]

_OPERATORS = {"=": eq, "<": lt, "<=": le, ">": gt, ">=": ge}
_EPOCH = date(1970, 1, 1).toordinal()
_OFFSET_MS = 8 * HOUR
_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")


Read = Callable[[Table, Row, Column], Any]
"""The value of a field in a row."""


class FormulaError(ValueError):
    """A formula with a syntax error; the message says what is wrong and what is accepted."""


class UnknownFieldError(FormulaError):
    """A formula that names an unknown field."""


@dataclass(frozen=True)
class Moment:
    """The value of a date field."""

    ms: int
    """The instant in ms since 1970, UTC."""

    @property
    def day(self) -> "Day":
        """The day of the instant in the time zone of the Base."""
        return Day((self.ms + _OFFSET_MS) // DAY)


@dataclass(frozen=True)
class Day:
    """A day in the time zone of the Base."""

    number: int
    """The number of days since 1970-01-01."""

    @property
    def date(self) -> date:
        """The day as a date; raises `OverflowError` or `ValueError` outside of the years 1 to 9999."""
        return date.fromordinal(self.number + _EPOCH)

    @property
    def ms(self) -> int:
        """The start of the day, ms UTC."""
        return self.number * DAY - _OFFSET_MS


def today(now: int) -> Day:
    """The day at *now* (ms UTC)."""
    return Moment(now).day


def day_of(year: int, month: int, day: int) -> Day:
    """The given day; raises `ValueError` if it does not exist."""
    return Day(date(year, month, day).toordinal() - _EPOCH)


def local(ms: int) -> datetime:
    """An instant in the time zone of the Base."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(SHANGHAI)


def is_empty(value: Any) -> bool:
    """Whether a cell with this value is empty."""
    return value is None or value in ("", [])


def compare(left: Any, operator: Comparison, right: Any) -> bool:
    """Whether ``left operator right`` is true.

    Empty values do not equal each other. No value is less or greater than an empty value, or than a value of
    another type. A date and a day are compared by day. Text comparison is case-sensitive.
    """
    if operator == "!=":
        return not compare(left, "=", right)
    if is_empty(left) or is_empty(right):
        return operator == "=" and is_empty(left) and is_empty(right)
    left, right = _alike(left, right)
    if isinstance(left, list) or isinstance(right, list):
        return operator == "=" and _as_set(left) == _as_set(right)
    if not (_are(left, right, str) or _are(left, right, int | float)):
        return False
    return bool(_OPERATORS[operator](left, right))


def comparing(operator: Comparison, right: Any) -> Callable[[Any], bool]:
    """``compare(…, operator, right)`` for many values that are neither lists nor dates.

    It is faster, above all for values of the type of *right*.
    """
    kinds = (int, float) if type(right) in (int, float) else (type(right),)
    if is_empty(right) or not isinstance(right, int | float | str):
        return lambda left: compare(left, operator, right)
    if operator == "=":
        return partial(eq, right)
    operate = _OPERATORS.get(operator, ne)

    def test(left: Any) -> bool:
        if type(left) in kinds and left != "":
            return bool(operate(left, right))
        return compare(left, operator, right)

    return test


def contains(value: Any, wanted: str) -> bool:
    """Whether a text contains *wanted*, or a list has it as an item."""
    if isinstance(value, list):
        return wanted in value
    return isinstance(value, str) and wanted in value


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Both as comparable plain values: two dates by ms, a date and a day by day."""
    if isinstance(left, Moment | Day) and isinstance(right, str):
        right = _read_day(right)
    if isinstance(right, Moment | Day) and isinstance(left, str):
        left = _read_day(left)
    if isinstance(left, Day) or isinstance(right, Day):
        return _as_day(left), _as_day(right)
    return _as_ms(left), _as_ms(right)


def _read_day(text: str) -> Any:
    found = _DATE.fullmatch(text)
    try:
        return day_of(*map(int, found.groups())) if found else text
    except ValueError:
        return text


def _as_day(value: Any) -> Any:
    if isinstance(value, Moment):
        return value.day.number
    if isinstance(value, Day):
        return value.number
    return Moment(int(value)).day.number if _is_finite_number(value) else value


def _is_finite_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e18


def _as_ms(value: Any) -> Any:
    return value.ms if isinstance(value, Moment) else value


def _as_set(value: Any) -> set[Any]:
    return set(value) if isinstance(value, list) else {value}


def _are(left: Any, right: Any, kind: Any) -> bool:
    return isinstance(left, kind) and isinstance(right, kind)


def field_value(table: Table, row: Row, column: Column, read: Read) -> Any:
    """The value of a field for comparisons: dates are `Moment`, and an empty checkbox is false."""
    held = read(table, row, column)
    if column.type in {"5", "1001", "1002"}:
        return None if held is None else Moment(held)
    if column.type == "7":
        return bool(held)
    return held
