"""The grammar of formulas, and the parser that turns a formula into a tree."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedInput

from mockcbs.core.waiting import leave_loop
from mockcbs.services.airtable.formulas.functions import FUNCTIONS
from mockcbs.services.airtable.formulas.nodes import Call, Chain, Constant, Field, Joined, Node
from mockcbs.services.airtable.formulas.work import FormulaProblem

MAX_FORMULA = 100_000
"""The maximum length of a formula, in characters."""
MAX_DEPTH = 100
"""The maximum depth of nested brackets and calls."""

MAX_PARTS = 30_000
"""The maximum number of names, values, operators and brackets."""
_SHORT = 1_000
"""The length of formulas of which many are cached, in characters."""
_PART = re.compile(
    r"""'(?:[^'\\]|\\.)*'?|"(?:[^"\\]|\\.)*"?|\{(?:[^}\\]|\\.)*\}?|[\w.]+|[<>!]=|\S""", re.DOTALL
)

_GRAMMAR = r"""
?start: comparison
?comparison: joined (COMPARE joined)*
?joined: sum ("&" sum)*
?sum: product (SIGN product)*
?product: factor (TIMES factor)*
?factor: SIGN factor -> signed
    | atom
?atom: NUMBER -> number
    | STRING -> string
    | BRACED -> braced
    | NAME -> name
    | NAME "(" (comparison ("," comparison)*)? ")" -> call
    | "(" comparison ")"

COMPARE: "<=" | ">=" | "!=" | "=" | "<" | ">"
SIGN: "+" | "-"
TIMES: "*" | "/"
NUMBER: /(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?/
STRING: /'(\\[\s\S]|[^'\\])*'/ | /"(\\[\s\S]|[^"\\])*"/
BRACED: /\{(\\[\s\S]|[^}\\])+\}/
NAME: /[^\W\d]\w*/
%ignore /\s+/
"""


_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def _unescaped(body: str) -> str:
    """The text between quotes or braces, without backslashes."""
    characters = iter(body)
    return "".join(
        _ESCAPES.get(following := next(characters), following) if character == "\\" else character
        for character in characters
    )


@v_args(inline=True)
class _Builder(Transformer[Token, Node]):
    """Builds the tree during parsing, so that deep formulas need no recursion in Python."""

    def number(self, digits: Token) -> Node:
        return Constant(float(digits))

    def string(self, quoted: Token) -> Node:
        return Constant(_unescaped(quoted[1:-1]))

    def braced(self, name: Token) -> Node:
        return Field(_unescaped(name[1:-1]))

    def name(self, name: Token) -> Node:
        return Field(str(name))

    def signed(self, sign: Token, operand: Node) -> Node:
        return Chain((Constant(0), operand), (str(sign),))

    def comparison(self, *parts: Any) -> Node:
        return Chain(parts[::2], [str(operator) for operator in parts[1::2]])

    sum = product = comparison

    def joined(self, *parts: Any) -> Node:
        return Joined(parts)

    def call(self, name: Token, *arguments: Any) -> Node:
        given = [argument for argument in arguments if argument is not None]
        called = name.upper()
        if called not in FUNCTIONS.known:
            raise FormulaProblem(f"Unknown function names: {name}")
        least, limit = FUNCTIONS.arity[called]
        if len(given) < least or (limit is not None and len(given) > limit):
            raise FormulaProblem(f"Invalid formula. {called} takes {_count(least, limit)}, not {len(given)}.")
        return Call(FUNCTIONS.known[called], given)


def _count(least: int, limit: int | None) -> str:
    if limit is None:
        return f"{least} or more arguments"
    return f"{least} arguments" if least == limit else f"{least} to {limit} arguments"


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", transformer=_Builder())


def parse(formula: str) -> Node:
    """Parse *formula* into a tree; raises `FormulaProblem`.

    Trees are cached, because each page of a listing needs its own; those of long formulas take much memory.
    """
    if len(formula) <= _SHORT:
        return _parse_short(formula)
    if len(formula) > MAX_FORMULA:
        raise FormulaProblem(f"Invalid formula. It is longer than {MAX_FORMULA} characters.")
    if next(islice(_PART.finditer(formula), MAX_PARTS, None), None):
        raise FormulaProblem(f"Invalid formula. It has more than {MAX_PARTS} names, values and operators.")
    return _parse_long(formula)


def _parsed(formula: str) -> Node:
    if len(formula) > _SHORT:
        leave_loop()
    try:
        tree: Any = _parser().parse(formula)
    except UnexpectedInput as error:
        where = f" (column {error.column})" if error.column > 0 else ""
        raise FormulaProblem(f"Invalid formula. Please check your formula text.{where}") from None
    _check_depth(tree)
    node: Node = tree
    return node


_parse_short, _parse_long = lru_cache(maxsize=256)(_parsed), lru_cache(maxsize=4)(_parsed)


def _check_depth(tree: Node) -> None:
    """Refuse trees that are nested too deeply; raises `FormulaProblem`."""
    level: Sequence[Node] = [tree]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in node.children]
        if not level:
            return
    raise FormulaProblem(f"Invalid formula. It is nested more than {MAX_DEPTH} levels deep.")


def fields_of(tree: Node) -> Iterator[str]:
    """The fields that a formula uses, in order."""
    if isinstance(tree, Field):
        yield tree.name
    for child in tree.children:
        yield from fields_of(child)
