"""The values of formulas, and how Airtable converts and compares them (docs/tables.md, "Formulas")."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeAlias

import arrow

MAX_TEXT = 100_000
"""Characters of one text, as in a long text field."""

_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ].*)?")
_MAX_DATE_TEXT = 40


class CellError(Exception):
    """A formula that has no value for a record: Airtable shows #ERROR!."""


@dataclass(frozen=True)
class Moment:
    """An instant, in the zone and language in which it is shown."""

    at: arrow.Arrow
    locale: str = "en-us"

    @property
    def iso(self) -> str:
        """As cells show it: UTC with milliseconds."""
        return self.at.to("UTC").format("YYYY-MM-DD[T]HH:mm:ss.SSS[Z]")


Value: TypeAlias = "bool | int | float | str | Moment | list[Value] | None"
"""What an expression gives; `None` is BLANK()."""


@dataclass(frozen=True)
class Row:
    """A record as a formula sees it."""

    record_id: str
    cells: Mapping[str, Value]
    """By name and by id of the field; an empty cell is absent."""
    created: int
    modified: int
    """ms UTC, as is `now`."""
    now: int


def number(value: Value) -> float:
    """*value* in arithmetic: blank is 0, true is 1; raises `CellError` for texts, dates and lists."""
    if value is None:
        return 0
    if isinstance(value, bool | int | float):
        return finite(value)
    raise CellError(f"{text(value)!r} is not a number")


def finite(value: float) -> float:
    """*value* unless it is NaN, infinite or too large; then `CellError` is raised."""
    try:
        if math.isfinite(value):
            return float(value)
    except OverflowError:
        pass
    raise CellError("not a finite number")


def integer(value: Value) -> int:
    """*value* without its fraction."""
    return int(number(value))


def text(value: Value) -> str:
    """*value* as ``&`` joins it: blank is empty, true is 1, a list is joined by commas."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return _digits(value)
    if isinstance(value, Moment):
        return value.iso
    return bounded(", ".join(map(text, value)))


def bounded(value: str) -> str:
    """*value* unless it is longer than a text may be; then `CellError` is raised."""
    if len(value) > MAX_TEXT:
        raise CellError(f"a text of {len(value)} characters")
    return value


def _digits(value: float) -> str:
    """A number as JavaScript writes it, up to the form of its exponent."""
    value = finite(value)
    return str(int(value)) if value.is_integer() and abs(value) < 1e21 else repr(value)


def truth(value: Value) -> bool:
    """Whether a condition holds: blank, 0, empty texts and empty lists are false."""
    return bool(value)


def moment(value: Value) -> Moment:
    """*value* as a date: an ISO 8601 text is one too; raises `CellError`."""
    if isinstance(value, Moment):
        return value
    if isinstance(value, str) and len(value) <= _MAX_DATE_TEXT and (found := _parsed(value.strip())):
        return found
    raise CellError(f"{text(value)!r} is not a date")


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Moment | None:
    """The date that ISO 8601 writes, UTC without a zone; a formula reads the same one for each record."""
    if not _ISO_DATE.fullmatch(text):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return Moment(arrow.Arrow.fromdatetime(at, at.tzinfo or UTC))


def equal(left: Value, right: Value) -> bool:
    """``=``: a blank equals 0, an empty text, false and an empty list; a number never equals a text."""
    left, right = _comparable(left, right)
    return type(left) is type(right) and left == right


def less(left: Value, right: Value) -> bool:
    """``<``: false between a number and a text, and for a blank beside a date."""
    left, right = _comparable(left, right)
    if isinstance(left, str) and isinstance(right, str):
        return left < right
    if isinstance(left, float) and isinstance(right, float):
        return left < right
    return False


def _comparable(left: Value, right: Value) -> tuple[float | str | None, float | str | None]:
    """Both as numbers or as texts; a text beside a date is a date if it can be."""
    if isinstance(left, Moment) or isinstance(right, Moment):
        return _instant(left), _instant(right)
    if left is None and right is None:
        return 0.0, 0.0
    if left is None:
        left = "" if isinstance(right, str | list) else 0
    if right is None:
        right = "" if isinstance(left, str | list) else 0
    return _plain(left), _plain(right)


def _plain(value: Value) -> float | str:
    return finite(value) if isinstance(value, bool | int | float) else text(value)


def _instant(value: Value) -> float | str | None:
    if value is None:
        return None
    try:
        return moment(value).at.float_timestamp
    except CellError:
        return text(value)
