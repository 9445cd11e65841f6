"""The tables that a pull writes: their columns, and the check of each row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, cast

from mockcbs.pull.errors import PullError

Type = Literal["text", "integer", "number", "date"]
Value = str | int | Decimal | date | None
Row = tuple[Value, ...]

_TYPES: Mapping[str, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int,),
    "number": (int, Decimal),
    "date": (date,),
}


_INT64 = 2**63


@dataclass(frozen=True)
class Column:
    """A column: the name of its JSON member, and the type of its values."""

    name: str
    type: Type
    optional: bool = False
    """Whether a row may lack it; the value is then `None`."""


@dataclass(frozen=True)
class Table:
    """One kind of file."""

    kind: str
    """The value of ``{kind}`` in file names."""
    columns: tuple[Column, ...]
    days_per_call: int = 1
    """The maximum number of days in one call."""

    def row(self, values: Mapping[str, Any], where: str) -> Row:
        """Make a row from *values*; *where* names them in an error.

        Raises `PullError` if a member is missing or has another type.
        """
        return tuple(_checked(column, values.get(column.name), where) for column in self.columns)


def _checked(column: Column, value: Any, where: str) -> Value:
    if value is None and column.optional:
        return None
    if value is None:
        raise PullError(f"{where} has no {column.name}")
    if isinstance(value, bool) or not isinstance(value, _TYPES[column.type]):
        raise PullError(f"{where}: {column.name} is {value!r}, not of type {column.type}")
    if isinstance(value, int) and not -_INT64 <= value < _INT64:
        raise PullError(f"{where}: {column.name} is {value}, which does not fit into 64 bits")
    if isinstance(value, str):  # JSON may contain half a surrogate pair, UTF-8 must not
        return value.encode("utf-8", "replace").decode("utf-8")
    return cast("Value", value)


def columns(type_: Type, names: str, *, optional: bool = False) -> tuple[Column, ...]:
    """A column of the same type for each of *names*, which are separated by blanks."""
    return tuple(Column(name, type_, optional) for name in names.split())


def column_values(rows: Sequence[Row], place: int) -> list[Value]:
    """The values of one column."""
    return [row[place] for row in rows]
