"""Stands in for values that a response should have but does not, so that the other values are still checked.

A check continues after a response with a wrong shape. Wrong members are repaired where their meaning is clear
(a number sent as text, a member with another name); the rest become `Lacking`. A verdict that depends on such
a value is skipped; its reason names the value and the clause that is broken because the value is missing.
"""

import math
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any, NoReturn

from marshmallow import Schema, ValidationError, fields

from mockcbs.contract.targets import Number

_MARK = re.compile(r"MISSING-([0-9a-f]+)-([0-9a-f]*)-([01])-END")
"""Matches the text form of a missing value, to recognize a request that was built from it."""
_MIN_LIKENESS = 0.6
"""The lowest similarity (0 to 1) of two names that may mean the same member."""
_INTEGER = re.compile(r"-?(0|[1-9]\d*)")


class LackingError(Exception):
    """A check needs a value that the target did not send; the message names it."""

    def __init__(self, lack: "Lacking") -> None:
        super().__init__(lack.reason)
        self.lack = lack


def _same(self: "Lacking", *_: Any) -> "Lacking":
    return self


def _needed(self: "Lacking", *_: Any) -> NoReturn:
    raise LackingError(self)


class Lacking:
    """A missing or unreadable value; results computed from it are `Lacking` too."""

    def __init__(self, reason: str, clause: str = "", *, is_part: bool = False) -> None:
        self.reason = reason
        self.clause = clause
        """The clause that is broken because the value is missing; else empty."""
        self.is_part = is_part
        """Whether a whole object, array or response is missing rather than a single value."""

    def __str__(self) -> str:
        return f"MISSING-{self.reason.encode().hex()}-{self.clause.encode().hex()}-{self.is_part:d}-END"

    __repr__ = __str__
    __getitem__ = get = _same
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _same
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __neg__ = __abs__ = __round__ = _same
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _same  # type: ignore[assignment]
    __bool__ = __hash__ = __iter__ = __len__ = __contains__ = __int__ = __float__ = __index__ = _needed
    keys = items = values = split = startswith = endswith = partition = _needed


class _DerivedText(str):
    __slots__ = ("lack",)
    lack: Lacking


class _DerivedNumber(int):
    lack: Lacking


def derived(value: Any, lack: Lacking) -> Any:
    """Mark *value* (text or integer) as derived from other values, in place of the missing *lack*."""
    if isinstance(value, Lacking):
        return value
    found = _DerivedText(value) if isinstance(value, str) else _DerivedNumber(value)
    found.lack = lack
    return found


def sent(value: Any) -> Any:
    """Return *value*; raises `LackingError` if it is missing or derived from other values."""
    if isinstance(value, _DerivedText | _DerivedNumber):
        raise LackingError(value.lack)
    return need(value)


def was_sent(value: Any) -> bool:
    """Whether the target sent *value*."""
    return not isinstance(value, Lacking | _DerivedText | _DerivedNumber)


def known(value: Any, default: Any) -> Any:
    """*value*, or *default* if it is missing."""
    return default if isinstance(value, Lacking) else value


def need(value: Any) -> Any:
    """Return *value*; raises `LackingError` if it is missing."""
    if isinstance(value, Lacking):
        raise LackingError(value)
    return value


def decimal(value: Any) -> Decimal:
    """*value* as a decimal; raises `LackingError` if it is missing."""
    return Decimal(need(value))


def lack_in(text: str) -> Lacking | None:
    """The missing value that *text* was built from; `None` if there is none."""
    if not (found := _MARK.search(text)):
        return None
    reason, clause = (bytes.fromhex(part).decode() for part in found.group(1, 2))
    return Lacking(reason, clause, is_part=found[3] == "1")


def readable(text: str) -> str:
    """*text* with "(missing)" in place of each missing value."""
    return _MARK.sub("(missing)", text)


def blames(error: Exception) -> Lacking | None:
    """The missing value that caused *error*; `None` if another cause did."""
    if isinstance(error, LackingError):
        return error.lack
    if (lack := lack_in(str(error))) is not None:
        return lack
    # Python names the class in its message when it cannot convert such a value
    is_named = Lacking.__name__ in str(error)
    return Lacking("needs a value that the target did not send") if is_named else None


class Comparison:
    """Compares two values that may contain missing parts."""

    def __init__(self, found: Any, expected: Any) -> None:
        self.lacking: Lacking | None = None
        """A missing part that could not be compared."""
        self.compared = False
        """Whether any part was compared."""
        self.equal = self._same(found, expected)

    def _same(self, found: Any, expected: Any) -> bool:
        for side in (found, expected):
            if isinstance(side, Lacking):
                self.lacking = side
                return True
        if isinstance(found, dict) and isinstance(expected, dict):
            return found.keys() == expected.keys() and all(
                self._same(value, expected[name]) for name, value in found.items()
            )
        if isinstance(found, list | tuple) and type(found) is type(expected):
            return len(found) == len(expected) and all(map(self._same, found, expected))
        self.compared = True
        return bool(found == expected)


def mended(schema: Schema, content: Any, where: str, clause: str = "") -> Any:
    """Repair each member of *content* to fit *schema*, or mark it as missing; changes objects in place.

    *where* is the name of the response, and *clause* the broken clause; both appear in reasons.
    """
    return _Mender(clause).object(schema, content, f"{where}: ")


class _Mender:
    """Repairs one response that broke *clause*."""

    def __init__(self, clause: str) -> None:
        self._clause = clause

    def object(self, schema: Schema, content: Any, path: str) -> Any:
        if not isinstance(content, dict):
            return self._lacking(f"{path.rstrip('. ')} is not an object", is_part=True)
        _name_back(schema, content)
        for name, field in schema.fields.items():
            if name in content:
                content[name] = self._value(field, content[name], f"{path}{name}")
            elif field.required:
                content[name] = self._lacking(f"{path}{name} is missing", is_part=_is_part(field))
        return content

    def _value(self, field: Any, value: Any, path: str) -> Any:
        if value is None and field.allow_none:
            return value
        if isinstance(field, fields.Nested):
            if field.many:
                return self._list(lambda inner: self.object(field.schema, inner, f"{path}[]."), value, path)
            return self.object(field.schema, value, f"{path}.")
        if isinstance(field, fields.List):
            return self._list(lambda inner: self._value(field.inner, inner, f"{path}[]"), value, path)
        for candidate in (value, *_meanings(value)):
            if _is_valid(field, candidate):
                return candidate
        problem = "null" if value is None else "not as documented"
        return self._lacking(f"{path} is {problem}", is_part=_is_part(field))

    def _list(self, each: Callable[[Any], Any], value: Any, path: str) -> Any:
        if isinstance(value, dict):  # an array inside an object, such as {"items": [...]}
            arrays = [inner for inner in value.values() if isinstance(inner, list)]
            value = arrays[0] if len(arrays) == 1 else value
        if not isinstance(value, list):
            return self._lacking(f"{path} is not an array", is_part=True)
        value[:] = map(each, value)
        return value

    def _lacking(self, reason: str, *, is_part: bool = False) -> Lacking:
        return Lacking(
            f"{reason} ({self._clause})" if self._clause else reason, self._clause, is_part=is_part
        )


def _is_part(field: Any) -> bool:
    return isinstance(field, fields.Nested | fields.List | fields.Dict)


def _is_valid(field: Any, value: Any) -> bool:
    with suppress(ValidationError, ValueError, TypeError):
        field.deserialize(value)
        return True
    return False


def _name_back(schema: Schema, content: dict[str, Any]) -> None:
    """Rename a member with a wrong name, if only one candidate fits."""
    spare = [name for name in content if name not in schema.fields]
    for name, field in schema.fields.items():
        if name in content or not field.required:
            continue
        fitting = [
            other
            for other in spare
            if _is_valid(field, content[other]) and (_is_part(field) or _are_alike(name, other))
        ]
        if len(fitting) == 1:
            content[name] = content.pop(fitting[0])
            spare.remove(fitting[0])


def _are_alike(name: str, other: str) -> bool:
    one, two = (text.replace("_", "").lower() for text in (name, other))
    return one in two or two in one or SequenceMatcher(None, one, two).ratio() >= _MIN_LIKENESS


def _meanings(value: Any) -> Iterator[Any]:
    """The values that a value of a wrong JSON type may mean."""
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
