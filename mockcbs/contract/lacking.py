"""Values that a response should have and does not: only what needs them is not reached.

A check goes on after a response of a wrong shape. Wrong members are mended where their meaning is plain (a
number sent as text); the rest is `Lacking`. A verdict that depends on such a value is left out, and states
which value it needs.
"""

import math
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any, NoReturn

from marshmallow import Schema, ValidationError, fields

from mockcbs.contract.targets import Number

MARK = "MISSING_VALUE"
"""The text of a lacking value, by which a request that was made of it is recognized."""
_INTEGER = re.compile(r"-?(0|[1-9]\d*)")


class LackingError(Exception):
    """A step of a check needs a value that the target did not send; the message states which."""


def _same(self: "Lacking", *_: Any) -> "Lacking":
    return self


def _needed(self: "Lacking", *_: Any) -> NoReturn:
    raise LackingError(self.reason)


class Lacking:
    """A value that is missing or unreadable; what is computed from it is lacking, too."""

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __str__(self) -> str:
        return MARK

    __repr__ = __str__
    __getitem__ = get = _same
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _same
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __neg__ = __abs__ = __round__ = _same
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _same  # type: ignore[assignment]
    __bool__ = __hash__ = __iter__ = __len__ = __contains__ = __int__ = __float__ = __index__ = _needed
    keys = items = values = split = startswith = endswith = partition = _needed


def known(value: Any, default: Any) -> Any:
    """*value*, or *default* if it is lacking."""
    return default if isinstance(value, Lacking) else value


def decimal(value: Any) -> Decimal:
    """*value* as a decimal; raises `LackingError` if it is lacking."""
    if isinstance(value, Lacking):
        raise LackingError(value.reason)
    return Decimal(value)


def blames(error: Exception) -> str:
    """Why *error* is one of a value that is lacking; empty if it is not."""
    if isinstance(error, LackingError):
        return str(error)
    # Python's own words where it cannot convert such a value
    named = Lacking.__name__ in str(error) or MARK in str(error)
    return "needs a value that the target did not send" if named else ""


class Comparison:
    """Whether two values are equal, as far as they are known."""

    def __init__(self, found: Any, expected: Any) -> None:
        self.lacking = ""
        """Why a part could not be compared."""
        self.compared = False
        """Whether any part could be."""
        self.equal = self._same(found, expected)

    def _same(self, found: Any, expected: Any) -> bool:
        for side in (found, expected):
            if isinstance(side, Lacking):
                self.lacking = side.reason
                return True
        if isinstance(found, dict) and isinstance(expected, dict):
            return found.keys() == expected.keys() and all(
                self._same(value, expected[name]) for name, value in found.items()
            )
        if isinstance(found, list | tuple) and type(found) is type(expected):
            return len(found) == len(expected) and all(map(self._same, found, expected))
        self.compared = True
        return bool(found == expected)


def mended(schema: Schema, content: Any, where: str) -> Any:
    """*content* with every member as the schema wants it, or lacking; objects are changed in place.

    *where* names the response, for the reasons.
    """
    return _object(schema, content, f"{where}: ")


def _object(schema: Schema, content: Any, path: str) -> Any:
    if not isinstance(content, dict):
        return Lacking(f"{path.rstrip('. ')} is no object")
    for name, field in schema.fields.items():
        if name in content:
            content[name] = _value(field, content[name], f"{path}{name}")
        elif field.required:
            content[name] = Lacking(f"{path}{name} is missing")
    return content


def _value(field: Any, value: Any, path: str) -> Any:
    if value is None and field.allow_none:
        return value
    if isinstance(field, fields.Nested):
        if field.many:
            return _list(lambda inner: _object(field.schema, inner, f"{path}[]."), value, path)
        return _object(field.schema, value, f"{path}.")
    if isinstance(field, fields.List):
        return _list(lambda inner: _value(field.inner, inner, f"{path}[]"), value, path)
    for candidate in (value, *_meanings(value)):
        with suppress(ValidationError, ValueError, TypeError):
            field.deserialize(candidate)
            return candidate
    return Lacking(f"{path} is {'null' if value is None else 'not as documented'}")


def _list(each: Callable[[Any], Any], value: Any, path: str) -> Any:
    if not isinstance(value, list):
        return Lacking(f"{path} is no array")
    value[:] = map(each, value)
    return value


def _meanings(value: Any) -> Iterator[Any]:
    """What a value of another JSON type may mean."""
    if isinstance(value, str):
        if _INTEGER.fullmatch(value):
            yield int(value)
        with suppress(ArithmeticError, ValueError):
            if math.isfinite(float(value)):
                yield Number(value)
        if value in {"true", "false"}:
            yield value == "true"
    elif isinstance(value, Number):
        if value == value.to_integral_value():
            yield int(value)
        yield value.text
    elif type(value) is int:
        yield str(value)
