"""The values of formulas, their conversion and comparison (docs/tables.md, "Formulas")."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeAlias

import arrow

from mockcbs.services.airtable.formulas.work import Work

MAX_TEXT = 100_000
"""The maximum length of a text in characters, as in a long text field."""

_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ].*)?")
_MAX_DATE_TEXT = 40


class CellError(Exception):
    """A formula without a value for a record; Airtable shows #ERROR!."""


@dataclass(frozen=True)
class Moment:
    """An instant with the zone and the language that it is shown in."""

    at: arrow.Arrow
    locale: str = "en-us"

    @property
    def iso(self) -> str:
        """The instant as cells show it: UTC with milliseconds."""
        return self.at.to("UTC").format("YYYY-MM-DD[T]HH:mm:ss.SSS[Z]")


Value: TypeAlias = "bool | int | float | str | Moment | list[Value] | None"
"""The value of an expression; `None` is BLANK()."""


@dataclass(frozen=True)
class Row:
    """A record, as input of a formula."""

    record_id: str
    cells: Mapping[str, Value]
    """The cells by name and by id of the field, without empty cells."""
    created: int
    modified: int
    now: int
    """The time of the formula, ms UTC, like the times of creation and of the last change."""
    work: Work = field(default_factory=Work)
    """The work of the listing."""


def number(value: Value) -> float:
    """*value* as a number: blank is 0, true is 1. Raises `CellError` for texts, dates and lists."""
    if value is None:
        return 0
    if isinstance(value, bool | int | float):
        return finite(value)
    raise CellError(f"{text(value)!r} is not a number")


def finite(value: float) -> float:
    """*value*, checked; raises `CellError` if it is NaN, infinite or too large."""
    try:
        if math.isfinite(value):
            return float(value)
    except OverflowError:
        pass
    raise CellError("not a finite number")


def integer(value: Value) -> int:
    """*value* without its fractional part."""
    return int(number(value))


def text(value: Value) -> str:
    """*value* as text, for ``&``: blank is empty, true is 1, the items of a list are joined by commas."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return _digits(value)
    if isinstance(value, Moment):
        return value.iso
    return joined(value, ", ")


def joined(values: Iterable[Value], between: str = "") -> str:
    """*values* as one text; raises `CellError` if it becomes too long."""
    texts, length = [], 0
    for value in values:
        texts.append(text(value))
        length += len(texts[-1]) + len(between)
        if length > MAX_TEXT + len(between):
            raise CellError("a text that is too long")
    return between.join(texts)


def size(value: Value) -> int:
    """The characters that an operator or a function goes through; an item of a list counts as 100."""
    if isinstance(value, str):
        return len(value)
    return 100 * len(value) if isinstance(value, list) else 0


def bounded(value: str) -> str:
    """*value*, checked; raises `CellError` if it is too long."""
    if len(value) > MAX_TEXT:
        raise CellError(f"a text of {len(value)} characters")
    return value


def _digits(value: float) -> str:
    """A number as JavaScript prints it, apart from the form of the exponent."""
    value = finite(value)
    return str(int(value)) if value.is_integer() and abs(value) < 1e21 else repr(value)


def truth(value: Value) -> bool:
    """*value* as a condition: blank, 0, empty texts and empty lists are false."""
    return bool(value)


def moment(value: Value) -> Moment:
    """*value* as a date, which may be a text in ISO 8601; raises `CellError`."""
    if isinstance(value, Moment):
        return value
    if isinstance(value, str) and len(value) <= _MAX_DATE_TEXT and (found := _parsed(value.strip())):
        return found
    raise CellError(f"{text(value)!r} is not a date")


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Moment | None:
    """Parse an ISO 8601 date, UTC if it has no zone.

    Results are cached, because a formula parses the same text for each record.
    """
    if not _ISO_DATE.fullmatch(text):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return Moment(arrow.Arrow.fromdatetime(at, at.tzinfo or UTC))


def equal(left: Value, right: Value) -> bool:
    """``=``: blank equals 0, an empty text, false and an empty list; a number never equals a text."""
    if type(left) is str and type(right) is str:
        return left == right
    left, right = _comparable(left, right)
    return type(left) is type(right) and left == right


def less(left: Value, right: Value) -> bool:
    """``<``: false between a number and a text, and between blank and a date."""
    left, right = _comparable(left, right)
    if isinstance(left, str) and isinstance(right, str):
        return left < right
    if isinstance(left, float) and isinstance(right, float):
        return left < right
    return False


def _comparable(left: Value, right: Value) -> tuple[float | str | None, float | str | None]:
    """Both values as numbers or as texts; beside a date, a text is parsed as a date if possible."""
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
