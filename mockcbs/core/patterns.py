"""The facts of a call, and patterns that a call fits or misses with stated reasons."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

from mockcbs.core.spelling import likely


@dataclass(frozen=True, slots=True)
class Call:
    """The facts of one request that patterns compare."""

    method: str
    path: str
    service: str | None = None
    operation: str | None = None
    """The endpoint, as ``mockcbs routes`` prints it; `None` for what no route knows."""
    project: str | None = None
    bot: str | None = None
    credential: str | None = None
    """Tells one token or access key from another; a digest, never the secret."""
    query: Mapping[str, str] = field(default_factory=dict)
    """By name the value that the service uses, whichever stands there besides."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By lower-case name."""
    body: str = ""
    status: int | None = None
    """`None` until it is answered."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a call must be like. Everything left out fits; texts may hold ``*`` and ``?``.

    A method is the same in lower case.
    """

    service: str | None = None
    operation: str | None = None
    method: str | None = None
    path: str | None = None
    project: str | None = None
    bot: str | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    header: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    """A text the body holds."""
    status: int | None = None

    def __post_init__(self) -> None:
        if self.method is not None:
            object.__setattr__(self, "method", self.method.upper())

    @property
    def conditions(self) -> dict[str, Any]:
        """The fields that are set, by name."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: wanted for name, wanted in values.items() if wanted not in (None, {})}

    @property
    def plain(self) -> "Pattern":
        """The same without what a call's query, headers and body must be like."""
        return replace(self, query={}, header={}, body=None)

    def fits(self, call: Call) -> bool:
        """Whether *call* is such a call."""
        return next(self.misses(call), None) is None

    def fits_query(self, query: Mapping[str, str]) -> bool:
        """Whether a call with this query can fit."""
        return next(_missing("query", self.query, query), None) is None

    def misses(self, call: Call) -> Iterator[str]:
        """Why *call* is not such a call, a sentence each; nothing if it is."""
        for name in ("service", "operation", "method", "path", "project", "bot"):
            wanted, found = getattr(self, name), getattr(call, name)
            if wanted is not None and (found is None or not fnmatchcase(found, wanted)):
                yield f"{name}: wanted {wanted!r}, was {found!r}"
        if self.status is not None and self.status != call.status:
            yield f"status: wanted {self.status}, was {call.status}"
        yield from _missing("query", self.query, call.query)
        if self.header:
            yield from _missing("header", {n.lower(): v for n, v in self.header.items()}, call.headers)
        if self.body is not None and self.body not in call.body:
            yield f"body: {self.body!r} is not in it"

    def resembles(self, call: Call) -> bool:
        """Whether *call* meets a part of the pattern: a parameter, a header, or almost the path."""
        facts = sum(len(wanted) if isinstance(wanted, Mapping) else 1 for wanted in self.conditions.values())
        named = self.query.keys() & call.query.keys() or {*map(str.lower, self.header)} & call.headers.keys()
        spelt = _last(self.path) and likely(_last(self.path), [_last(call.path)])
        return bool(named or spelt) or sum(1 for _ in self.misses(call)) < facts


def _last(path: str | None) -> str:
    """The last segment of a path."""
    return (path or "").rpartition("/")[2]


def _missing(kind: str, wanted: Mapping[str, str], found: Mapping[str, str]) -> Iterator[str]:
    for name, text in wanted.items():
        if name not in found:
            yield f"{kind} {name!r}: wanted {text!r}, was not sent"
        elif not fnmatchcase(found[name], text):
            yield f"{kind} {name!r}: wanted {text!r}, was {found[name]!r}"
