"""The grammar of formulas, parsed by lark; Python never evaluates a formula.

This module is loaded only for requests with a formula.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from lark import Lark
from lark.exceptions import UnexpectedInput, VisitError
from lark.visitors import Transformer_NonRecursive, v_args

from mockcbs.services.feishu.formula_functions import FUNCTIONS, arithmetic, joined, truth
from mockcbs.services.feishu.values import (
    Comparison,
    FormulaError,
    Moment,
    Read,
    UnknownFieldError,
    compare,
    field_value,
    today,
)
from mockcbs.tables.model import Column, Row, Table

MAX_LENGTH = 2000
"""The maximum length of a formula in characters."""
_MAX_DEPTH = 50
"""The maximum depth of nested functions and operators."""

GRAMMAR = r"""
?start: either
?either: both ("||" both)*
?both: comparison ("&&" comparison)*
?comparison: text (COMPARISON text)?
?text: total ("&" total)*
?total: product (PLUS product)*
?product: unary (TIMES unary)*
?unary: "-" unary -> negative
      | "!" unary -> opposite
      | atom
?atom: NUMBER -> number
     | STRING -> string
     | FIELD -> field
     | FIELD_ID -> field_by_id
     | call
     | atom "." NAME "(" [arguments] ")" -> method
     | "(" either ")"
call: NAME ["(" [arguments] ")"]
arguments: either ("," either)*

COMPARISON: "!=" | "<>" | ">=" | "<=" | "==" | "=" | ">" | "<"
PLUS: "+" | "-"
TIMES: "*" | "/"
FIELD: /CurrentValue\.\[[^\]]+\]/
FIELD_ID: /bitable::\$table\[[^\]]+\]\.\$field\[[^\]]+\]/
NAME: /[A-Za-z_]+/
STRING: /"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/
NUMBER: /[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?|\.[0-9]+/
%ignore /\s+/
"""


@dataclass(frozen=True)
class _Node:
    """A node of a formula's tree."""

    value: Callable[[Row], Any]
    depth: int = 0


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", maybe_placeholders=True)


def compiled(table: Table, text: str, now: int, read: Read) -> Callable[[Row], Any]:
    """Compile the formula *text* to a function of a row of *table*, at *now* (ms UTC).

    Raises `FormulaError`.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"a formula has at most {MAX_LENGTH} characters, not {len(text)}")
    builder = _Builder(table, now, read)
    try:
        node: _Node = builder.build(_parser().parse(text))
    except UnexpectedInput as error:
        shown = text[: error.pos_in_stream] if error.pos_in_stream is not None else text
        raise FormulaError(f"cannot be read behind {shown[-40:]!r}") from error
    except VisitError as error:
        raise error.orig_exc from None
    return node.value


@v_args(inline=True)
class _Builder(Transformer_NonRecursive[Any, _Node]):
    def __init__(self, table: Table, now: int, read: Read) -> None:
        super().__init__()
        self._table, self._now, self._read = table, now, read

    def build(self, tree: Any) -> _Node:
        made = self.transform(tree)
        if not isinstance(made, _Node):
            raise FormulaError("it is not a formula")
        return made

    def number(self, text: str) -> _Node:
        number = float(text)
        number = int(number) if number.is_integer() and abs(number) < 1e15 else number
        return _Node(lambda _: number)

    def string(self, text: str) -> _Node:
        content = re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)
        return _Node(lambda _: content)

    def field(self, text: str) -> _Node:
        name = text[len("CurrentValue.[") : -1]
        return self._field(self._table.column(name), name)

    def field_by_id(self, text: str) -> _Node:
        field_id = text.rpartition("[")[2][:-1]
        return self._field(self._table.column_with_id(field_id), field_id)

    def _field(self, column: Column | None, name: str) -> _Node:
        if column is None:
            raise UnknownFieldError(f"the table has no field {name!r}")
        return _Node(lambda row: field_value(self._table, row, column, self._read))

    def negative(self, part: _Node) -> _Node:
        return self._made(lambda value: arithmetic(0, "-", value), part)

    def opposite(self, part: _Node) -> _Node:
        return self._made(lambda value: not truth(value), part)

    def either(self, *parts: _Node) -> _Node:
        return self._made(lambda *values: any(map(truth, values)), *parts)

    def both(self, *parts: _Node) -> _Node:
        return self._made(lambda *values: all(map(truth, values)), *parts)

    def text(self, *parts: _Node) -> _Node:
        return self._made(joined, *parts)

    def comparison(self, left: _Node, sign: str, right: _Node) -> _Node:
        operator: Comparison = {"==": "=", "<>": "!="}.get(sign, sign)  # type: ignore[assignment]
        return self._made(lambda one, other: compare(one, operator, other), left, right)

    def total(self, first: _Node, *rest: Any) -> _Node:
        for sign, part in zip(rest[::2], rest[1::2], strict=True):
            first = self._calculated(first, str(sign), part)
        return first

    product = total

    def _calculated(self, left: _Node, sign: str, right: _Node) -> _Node:
        return self._made(lambda one, other: arithmetic(one, sign, other), left, right)

    def arguments(self, *parts: _Node) -> list[_Node]:
        return list(parts)

    def call(self, name: str, arguments: list[_Node] | None = None) -> _Node:
        parts, upper = arguments or [], name.upper()
        if upper in {"TODAY", "NOW"} and not parts:
            at = today(self._now) if upper == "TODAY" else Moment(self._now)
            return _Node(lambda _: at)
        if upper not in FUNCTIONS:
            accepted = ", ".join(["TODAY", "NOW", *FUNCTIONS])
            raise FormulaError(f"there is no function {name}; accepted: {accepted}")
        function, low, high = FUNCTIONS[upper]
        if not low <= len(parts) <= high:
            raise FormulaError(f"{name} takes {low} to {high} values, not {len(parts)}")
        return self._made(function, *parts)

    def method(self, owner: _Node, name: str, arguments: list[_Node] | None) -> _Node:
        if name.lower() != "contains" or not arguments:
            raise FormulaError(f"there is no method {name} here; accepted: contains with a text")
        return self._made(FUNCTIONS["CONTAIN"][0], owner, *arguments)

    def _made(self, function: Callable[..., Any], *parts: _Node) -> _Node:
        depth = 1 + max((part.depth for part in parts), default=0)
        if depth > _MAX_DEPTH:
            raise FormulaError(f"it is nested more than {_MAX_DEPTH} deep")
        return _Node(lambda row: function(*(part.value(row) for part in parts)), depth)
