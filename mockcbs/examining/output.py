"""The output of a client: rows of JSON or CSV, with columns named like members of the API."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from mockcbs.examining import columns

Value = Any
"""An `int`, a `Decimal` with the printed digits, a `str`, a `bool` or `None`."""
Row = Mapping[str, Value]
Key = tuple[tuple[str, str], ...]
"""The key of a row as pairs of column and text; empty for the total row."""

_TOTALS = ("total", "summary", "totals")
_NUMBER = re.compile(r"-?\d+(\.\d*)?([eE][-+]?\d+)?")
_WHOLE = frozenset(("", "total", "totals", "summary", "all", "sum", "none", "nan", "合计", "总计"))
"""Values of a date column that mark the total row."""

_EXCERPT = 200
_MAX_DIGITS = 15
"""The maximum number of digits of a number; longer texts are ids."""


class NoRowsError(Exception):
    """The output has no rows; the message describes it."""


@dataclass(frozen=True)
class Output:
    """The rows of one run, in order."""

    rows: tuple[Row, ...] = ()

    @cached_property
    def keyed(self) -> dict[Key, list[Row]]:
        """The rows of parts (not the total), by key."""
        found: dict[Key, list[Row]] = {}
        for row in self.rows:
            if key := key_of(row):
                found.setdefault(key, []).append(row)
        return found

    @cached_property
    def total(self) -> Row | None:
        """The total row."""
        return next((row for row in self.rows if not key_of(row)), None)

    @cached_property
    def columns(self) -> frozenset[str]:
        """The names of the figures and of the key columns."""
        return frozenset(name for row in self.rows for name in row if name in columns.KNOWN)

    @property
    def item(self) -> str | None:
        """The column that identifies items; `None` if rows are periods or the total."""
        return next((name for name in columns.ITEMS if name in self.columns), None)

    def count(self, name: str) -> Decimal:
        """A count for the whole range: from the total row, otherwise summed over all rows."""
        if self.total is not None and name in self.total:
            return number(self.total[name])
        return sum((number(row.get(name)) for row in self.rows), Decimal(0))

    def counts(self) -> list[str]:
        """The names of the counts, in a fixed order."""
        return sorted(self.columns & columns.COUNTS)


def number(value: Value) -> Decimal:
    """A value as a number; anything that is not a number counts as zero."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return Decimal(0)
    return Decimal(value)


def key_of(row: Row) -> Key:
    """The key of a row: the columns that identify its period, item or group."""
    if "event_id" in row:
        return (("event_id", str(row["event_id"])),)
    periods = [(name, _period(row[name])) for name in columns.PERIODS if name in row]
    if not periods and columns.TIMESTAMP in row:
        periods = [(columns.TIMESTAMP, str(row[columns.TIMESTAMP]))]
    if periods and periods[0][1].lower() in _WHOLE:
        return ()
    items = [(name, str(row[name])) for name in columns.ITEMS if name in row]
    groups = [(name, str(row[name])) for name in columns.GROUPS if name in row and not items]
    return (*periods, *items, *groups)


def _period(value: Value) -> str:
    """A date without the time of day that some libraries add."""
    return re.sub(r"^(\d{4}-\d\d-\d\d)[T ]00:00(:00(\.0+)?)?(Z|[+-]\d\d:?\d\d)?$", r"\1", str(value).strip())


def parse(text: str) -> Output:
    """The rows in *text*. Raises `NoRowsError` if it is neither JSON nor CSV with known columns."""
    if not text.strip():
        return Output()
    rows = tuple(_rows(text))
    if rows and not any(name in columns.KNOWN for row in rows for name in row):
        names = ", ".join(sorted({name for row in rows for name in row})[:8])
        raise NoRowsError(f"no column is named like a member of the API (columns: {names})")
    return Output(rows)


def _rows(text: str) -> Iterable[Row]:
    try:
        return list(_unwrapped(_json(text)))
    except ValueError:
        pass
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        return [row for line in lines for row in _unwrapped(_json(line))]
    except ValueError:
        return _table(lines)


def _json(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


def _unwrapped(content: Any) -> Iterator[Row]:
    """The rows in JSON *content*, which may be a whole response of the API."""
    if isinstance(content, list):
        if not all(isinstance(row, dict) for row in content):
            raise NoRowsError(f"a list with {json.dumps(content, default=str)[:80]}")
        yield from map(_typed, content)
        return
    if not isinstance(content, dict):
        raise NoRowsError(f"{str(content)[:80]!r}, which is neither a row nor a list of rows")
    if _is_by_column(content):
        for place in next(iter(content.values())):
            yield _typed({name: column[place] for name, column in content.items()})
        return
    if not content.keys() & columns.FIGURES and isinstance(content.get("data"), dict | list):
        yield from _unwrapped(content["data"])
        return
    yield from _members(content)


def _members(content: dict[str, Any]) -> Iterator[Row]:
    """The rows among the members of an object: lists of rows, and the total row."""
    lists = [value for value in content.values() if isinstance(value, list)]
    totals = [content[name] for name in _TOTALS if isinstance(content.get(name), dict)]
    if content.keys() & (columns.FIGURES.union(columns.ITEMS)) or not (lists or totals):
        yield _typed(content)
        return
    for rows in lists:
        yield from _unwrapped(rows)
    yield from map(_typed, totals)


def _is_by_column(content: dict[str, Any]) -> bool:
    """Whether columns map to values by row, as pandas writes JSON by default."""
    values = list(content.values())
    return (
        bool(content.keys() & columns.KNOWN)
        and all(isinstance(value, dict) for value in values)
        and all(value.keys() == values[0].keys() for value in values)
    )


def _typed(row: dict[str, Any]) -> Row:
    return {str(name): _value(value) for name, value in row.items()}


def _table(lines: list[str]) -> list[Row]:
    """The rows of CSV, separated by commas, semicolons or tabs."""
    head = lines[0].lstrip("\ufeff")
    separator = max(",;\t", key=head.count)
    rows = list(csv.DictReader(io.StringIO("\n".join([head, *lines[1:]])), delimiter=separator))
    names = [name.strip().strip('"') for name in head.split(separator)]
    if not columns.KNOWN & set(names):
        raise NoRowsError(
            f"neither JSON nor CSV with columns named like members of the API: {head[:_EXCERPT]!r}"
        )
    return [{name.strip(): _value(value) for name, value in row.items() if name} for row in rows]


def _value(value: Any) -> Value:
    """A text as a number if it looks like one."""
    if isinstance(value, str) and len(value) <= _MAX_DIGITS and _NUMBER.fullmatch(value):
        return int(value) if value.lstrip("-").isdigit() else Decimal(value)
    return value
