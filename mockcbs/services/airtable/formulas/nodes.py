"""The nodes of a formula's tree; each computes a value for a record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from mockcbs.services.airtable.formulas.values import (
    CellError,
    Row,
    Value,
    equal,
    finite,
    joined,
    less,
    number,
    size,
)


class Node(Protocol):
    """A node of a formula's tree."""

    @property
    def children(self) -> "Sequence[Node]":
        """The nodes below this one."""

    def value(self, row: Row) -> Value:
        """The value for a record; raises `CellError`."""


Function: TypeAlias = Callable[[Sequence[Node], Row], Value]


@dataclass(frozen=True)
class Functions:
    """The functions of formulas, by name in capitals."""

    known: dict[str, Function]
    arity: dict[str, tuple[int, int | None]]
    """The minimum and the maximum number of arguments; a maximum of `None` means any number."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number or a text."""

    held: Value
    children: Sequence[Node] = ()

    def value(self, row: Row) -> Value:
        """The constant."""
        del row
        return self.held


@dataclass(frozen=True, slots=True)
class Field:
    """A field, by name or id."""

    name: str
    children: Sequence[Node] = ()

    def value(self, row: Row) -> Value:
        """The cell of the record."""
        return row.cells.get(self.name)


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands with operators of the same precedence, applied from left to right."""

    children: Sequence[Node]
    operators: Sequence[str]

    def value(self, row: Row) -> Value:
        """The result of the operators."""
        found = self.children[0].value(row)
        read = size(found)
        for operator, operand in zip(self.operators, self.children[1:], strict=True):
            other = operand.value(row)
            read += size(other)
            found = _OPERATORS[operator](found, other)
        row.work.spend(len(self.operators), read)
        return found


@dataclass(frozen=True, slots=True)
class Joined:
    """Operands that ``&`` joins."""

    children: Sequence[Node]

    def value(self, row: Row) -> Value:
        """The text of all operands."""
        row.work.spend(len(self.children))
        found = joined(child.value(row) for child in self.children)
        row.work.make(len(found))
        return found


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function."""

    function: Function
    children: Sequence[Node]

    def value(self, row: Row) -> Value:
        """The result of the function."""
        found = self.function(self.children, row)
        if type(found) is str:
            row.work.make(len(found))
        return found


def _divide(left: Value, right: Value) -> Value:
    if not number(right):
        raise CellError("division by zero")
    return finite(number(left) / number(right))


_OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "=": equal,
    "!=": lambda left, right: not equal(left, right),
    "<": less,
    ">": lambda left, right: less(right, left),
    "<=": lambda left, right: less(left, right) or equal(left, right),
    ">=": lambda left, right: less(right, left) or equal(left, right),
    "+": lambda left, right: finite(number(left) + number(right)),
    "-": lambda left, right: finite(number(left) - number(right)),
    "*": lambda left, right: finite(number(left) * number(right)),
    "/": _divide,
}
