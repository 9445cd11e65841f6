"""How the functions of formulas are declared."""

import inspect
from collections.abc import Callable, Sequence
from typing import TypeVar

from mockcbs.services.airtable.formulas.nodes import Functions, Node
from mockcbs.services.airtable.formulas.values import Row, Value, size

_Plain = TypeVar("_Plain", bound=Callable[..., Value])
_Lazy = TypeVar("_Lazy", bound=Callable[..., Value])


class Table:
    """A table of functions, filled by decorators."""

    def __init__(self, steps: int = 1) -> None:
        """Each function takes about so many *steps*."""
        self._steps = steps
        self.functions = Functions({}, {})

    def plain(self, name: str) -> Callable[[_Plain], _Plain]:
        """Declare a function that needs values only."""

        def declare(function: _Plain) -> _Plain:
            def call(arguments: Sequence[Node], row: Row) -> Value:
                return function(*self._values(arguments, row))

            self._add(name, function, 0)
            self.functions.known[name] = call
            return function

        return declare

    def of_row(self, name: str) -> Callable[[_Plain], _Plain]:
        """Declare a function that also needs the record or the clock."""

        def declare(function: _Plain) -> _Plain:
            def call(arguments: Sequence[Node], row: Row) -> Value:
                return function(row, *self._values(arguments, row))

            self._add(name, function, 1)
            self.functions.known[name] = call
            return function

        return declare

    def lazy(self, name: str, least: int, limit: int | None) -> Callable[[_Lazy], _Lazy]:
        """Declare a function that evaluates only the arguments it needs."""

        def declare(function: _Lazy) -> _Lazy:
            self.functions.arity[name] = (least, limit)
            self.functions.known[name] = function
            return function

        return declare

    def _values(self, arguments: Sequence[Node], row: Row) -> list[Value]:
        found = [argument.value(row) for argument in arguments]
        row.work.spend(self._steps, sum(map(size, found)))
        return found

    def _add(self, name: str, function: Callable[..., Value], hidden: int) -> None:
        """Store *function* with its number of arguments, apart from the *hidden* first ones."""
        parameters = list(inspect.signature(function).parameters.values())[hidden:]
        named = [one for one in parameters if one.kind is not inspect.Parameter.VAR_POSITIONAL]
        least = sum(one.default is inspect.Parameter.empty for one in named)
        self.functions.arity[name] = (least, len(named) if len(named) == len(parameters) else None)
