"""Limits on the size of bodies, checked against the schema before any item is validated; limits of errors."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from itertools import islice
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from mockcbs.core.fields import Field, List

MAX_ITEMS = 1_000
"""The maximum number of items of a list of plain values, and of members of an object."""
MAX_PROJECT, MAX_TOKEN = 256, 65_536
"""The maximum lengths of a project and a token in requests to mockcbs itself, in characters."""
MAX_OBJECTS = 100
"""The maximum number of items of a list of objects; a field may set another limit."""
MAX_PROBLEMS = 10
"""The maximum number of problems in one error."""


class Items(List[Any]):
    """A list in a file of a user. Soon after `MAX_PROBLEMS` wrong items the rest is not looked at."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        pieces = (value[begin : begin + MAX_PROBLEMS] for begin in range(0, len(value), MAX_PROBLEMS))
        load = partial(super()._deserialize, attr=attr, data=data, **kwargs)
        return [item for piece in _loaded(pieces, load, places=True) for item in piece]


class Entries(fields.Dict):
    """A mapping with any names in a file of a user. Soon after `MAX_PROBLEMS` wrong entries the rest is not
    looked at.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[Any, Any]:
        if not isinstance(value, dict):
            raise self.make_error("invalid")
        entries = iter(value.items())
        pieces = iter(lambda: dict(islice(entries, MAX_PROBLEMS)), {})
        load = partial(super()._deserialize, attr=attr, data=data, **kwargs)
        return {name: entry for piece in _loaded(pieces, load) for name, entry in piece.items()}


def _loaded(pieces: Iterable[Any], load: Callable[[Any], Any], *, places: bool = False) -> list[Any]:
    """What *load* makes of each of *pieces*; raises `ValidationError`, of a list with the *places* in it."""
    found: list[Any] = []
    problems: dict[Any, Any] = {}
    for number, piece in enumerate(pieces):
        try:
            found.append(load(piece))
        except ValidationError as error:
            told: dict[Any, Any] = error.messages_dict
            before = number * MAX_PROBLEMS
            problems |= {before + place: one for place, one in told.items()} if places else told
        if len(problems) >= MAX_PROBLEMS:
            break
    if problems:
        raise ValidationError(problems)
    return found


def check(schema: Schema, content: Any) -> None:
    """Raise `ValidationError` if *content* has a list, an object or a text that is too long.

    A limit of the field itself (`validate.Length`) counts, and its message is used. A field class with
    ``checks_length_first = True`` checks the length itself. A text without a limit may be as long as the
    body.
    """
    problems: dict[str, Any] = {}
    for keys, messages in _too_long(schema, content):
        inner = problems
        for key in keys[:-1]:
            inner = inner.setdefault(key, {})
        inner[keys[-1]] = messages
        if len(problems) >= MAX_PROBLEMS:
            break
    if problems:
        raise ValidationError(problems)


_Problem = tuple[tuple[Any, ...], list[str]]


def _too_long(schema: Schema, content: Any, path: tuple[Any, ...] = ()) -> Iterator[_Problem]:
    if not isinstance(content, dict):
        return
    if len(content) > MAX_ITEMS:
        yield (*path, "_schema"), [f"has {len(content)} members; at most {MAX_ITEMS} are accepted"]
        return
    for key, field in _read_by(schema):
        if key in content:
            yield from _field(field, content[key], (*path, key))


@cache
def _read_by(schema: Schema) -> list[tuple[str, Field[Any]]]:
    """The names in a request that *schema* reads, and their fields."""
    fields_read = [(name, field) for name, field in schema.fields.items() if not field.dump_only]
    return [(field.data_key or name, field) for name, field in fields_read]


def _field(field: Field[Any], value: Any, path: tuple[Any, ...]) -> Iterator[_Problem]:
    limit = _limits(field).get(type(value))
    if limit is None:
        return
    if len(value) > limit:
        if not getattr(field, "checks_length_first", False):
            yield path, _refusal(field, value, limit)
    elif isinstance(field, fields.List) and isinstance(value, list):
        for place, item in enumerate(value):
            yield from _field(field.inner, item, (*path, place))
    elif isinstance(field, fields.Nested):
        yield from _too_long(field.schema, value, path)


def _refusal(field: Field[Any], value: Any, limit: int) -> list[str]:
    """The error about the length of *value*, in the words of the field if it has any."""
    for validator in _lengths(field):
        try:
            validator(value)
        except ValidationError as error:
            return [str(message) for message in error.messages]
    what = "items" if isinstance(value, list) else "members"
    return [f"has {len(value)} {what}; at most {limit} are accepted"]


@cache
def _limits(field: Field[Any]) -> dict[type, int]:
    """The maximum lengths of values that *field* accepts, by type; one without a limit is missing."""
    stated = [limit for check in _lengths(field) if (limit := check.equal or check.max) is not None]
    limits: dict[type, int] = {str: min(stated)} if stated else {}
    if isinstance(field, fields.Dict | fields.Nested):
        limits[dict] = min(stated, default=MAX_ITEMS)
    if isinstance(field, fields.List):
        of_objects = isinstance(field.inner, fields.Nested)
        limits[list] = min(stated, default=MAX_OBJECTS if of_objects else MAX_ITEMS)
    return limits


def _lengths(field: Field[Any]) -> list[validate.Length]:
    return [check for check in field.validators if isinstance(check, validate.Length)]
