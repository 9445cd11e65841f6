"""A setting: its default, its description, and the values that it accepts.

A settings class is a frozen dataclass whose fields are made by `setting`. The command line, the ``MOCKCBS_…``
variables and the table of `docs/settings.md` are made from these fields.
"""

from collections.abc import Callable, Iterator
from dataclasses import Field, field, fields
from functools import cache
from os import PathLike, fspath
from types import NoneType
from typing import Any, Literal, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

from mockcbs.core.errors import UserError
from mockcbs.core.spelling import not_one_of

_T = TypeVar("_T")

_KEY = "about"


class About(NamedTuple):
    """The properties of a setting, apart from its name, type and default."""

    help: str
    """One sentence; for a setting that is on by default, the effect of ``--no-NAME``."""
    bounds: tuple[int, int] | None = None
    """The minimum and the maximum of a number."""
    parse: Callable[[Any], Any] | None = None
    """Converts the user's value; raises `UserError`."""
    path: bool = False
    """Whether a `pathlib.Path` is accepted."""
    exists: bool = False
    """Whether the file must exist."""
    metavar: str | None = None
    """The placeholder for a value in help."""
    unset: str = ""
    """The meaning of `None`, in words."""
    page: str = ""
    """The page in `docs/` with more information."""


class Kind(NamedTuple):
    """The values that a setting accepts."""

    types: tuple[type, ...]
    choices: tuple[Any, ...]
    optional: bool
    """Whether it may be `None`."""
    many: bool
    """Whether it is a tuple of texts."""

    @property
    def words(self) -> str:
        """The types in words, for errors."""
        named = (kind for kind in self.types if not (kind is int and float in self.types))
        return " or ".join(_WORDS[kind] for kind in named if kind in _WORDS)


def setting(default: _T, help: str, **about: Any) -> _T:  # noqa: A002 - click calls it so
    """A field of a settings class; *about* are fields of `About`."""
    return field(default=default, metadata={_KEY: About(help, **about)})


def settings_of(owner: type) -> Iterator[tuple[str, Any, About, Kind]]:
    """The name, default, description and kind of each setting of a class."""
    for one in fields(owner):
        yield one.name, one.default, about(one), _kinds(owner)[one.name]


def about(one: Field[Any]) -> About:
    """The description of a setting."""
    found: About = one.metadata[_KEY]
    return found


def check(settings: Any) -> None:
    """Refuse values that a setting does not accept; paths become texts, lists become tuples.

    Raises `UserError`.
    """
    for name, _, described, kind in settings_of(type(settings)):
        value = getattr(settings, name)
        if kind.choices:
            if value not in (*[None] * kind.optional, *kind.choices):
                accepted = map(str, (*[None] * kind.optional, *kind.choices))
                raise UserError(f"{name} {not_one_of(value, accepted)}")
            continue
        if value is None and kind.optional:
            continue
        if kind.many and isinstance(value, list):
            object.__setattr__(settings, name, value := tuple(value))
        if PathLike in kind.types and not isinstance(value, str) and isinstance(value, PathLike):
            object.__setattr__(settings, name, value := fspath(value))
        _check_one(name, value, described, kind)


def _check_one(name: str, value: Any, described: About, kind: Kind) -> None:
    if kind.many:
        if not isinstance(value, tuple) or not all(isinstance(text, str) and text for text in value):
            raise UserError(f"{name} {value!r} is not a list of texts")
    elif (
        not isinstance(value, kind.types)
        or (isinstance(value, bool) and bool not in kind.types)
        or value == ""
    ):
        raise UserError(f"{name} {value!r} is not {kind.words}")
    if described.bounds:
        low, high = described.bounds
        if not low <= value <= high:
            raise UserError(f"{name} {value!r} is not between {low} and {high}")
    if described.parse:
        try:
            described.parse(value)
        except UserError as error:
            raise UserError(f"{name} {error}") from error


_WORDS: dict[type, str] = {
    bool: "True or False",
    int: "a whole number",
    float: "a number",
    str: "a text of at least one character",
    PathLike: "a path",
}


@cache
def _kinds(owner: type) -> dict[str, Kind]:
    hints = get_type_hints(owner)
    return {one.name: _kind(hints[one.name], about(one)) for one in fields(owner)}


def _kind(hint: Any, described: About) -> Kind:
    parts = [hint] if get_origin(hint) in {Literal, tuple} else list(get_args(hint) or (hint,))
    optional = NoneType in parts
    parts = [part for part in parts if part is not NoneType]
    choices = next((get_args(part) for part in parts if get_origin(part) is Literal), ())
    many = any(get_origin(part) is tuple for part in parts)
    types = [part for part in parts if isinstance(part, type) and get_origin(part) is None]
    if float in types:
        types.insert(0, int)
    if described.path:
        types.append(PathLike)
    return Kind(tuple(types), choices, optional, many)
