"""The properties of a call, and patterns that match calls or state why they do not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any, Protocol

from mockcbs.core.spelling import likely


@dataclass(frozen=True, slots=True)
class Call:
    """The properties of a call that patterns compare."""

    method: str
    path: str
    service: str | None = None
    operation: str | None = None
    """The endpoint as in ``mockcbs routes``; `None` for an unknown route."""
    project: str | None = None
    bot: str | None = None
    credential: str | None = None
    """A digest that identifies a token or access key; it does not reveal the secret."""
    query: Mapping[str, str] = field(default_factory=dict)
    """The query: by name, the value that the service uses."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """The headers, by lower-case name."""
    body: str = ""
    status: int | None = None
    """The status of the response; `None` before the response."""


class Plain(Protocol):
    """The properties of a call that are compared without masking any secret."""

    @property
    def status(self) -> int | None:
        """The status of the response."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """The conditions on a call. Unset conditions match; texts may contain ``*`` and ``?``.

    The case of a method does not matter.
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
    """A text that the body contains."""
    status: int | None = None

    def __post_init__(self) -> None:
        if self.method is not None:
            object.__setattr__(self, "method", self.method.upper())

    @property
    def conditions(self) -> dict[str, Any]:
        """The set fields, by name."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: wanted for name, wanted in values.items() if wanted not in (None, {})}

    @property
    def lower_header(self) -> dict[str, str]:
        """The conditions on headers, by lower-case names."""
        return {name.lower(): wanted for name, wanted in self.header.items()}

    @property
    def without_query(self) -> "Pattern":
        """The pattern without its conditions on the query."""
        return replace(self, query={})

    def fits(self, call: Call) -> bool:
        """Whether *call* matches."""
        return next(self.misses(call), None) is None

    def fits_plain(self, call: Plain) -> bool:
        """Whether *call* matches, apart from conditions on query, headers and body."""
        return next(self._plain_misses(call), None) is None

    def fits_headers(self, headers: Mapping[str, str]) -> bool:
        """Whether a call with these headers, which have lower-case names, can match."""
        return next(_missing("header", self.lower_header, headers), None) is None

    def fits_query(self, query: Mapping[str, str]) -> bool:
        """Whether a call with this query can match."""
        return next(_missing("query", self.query, query), None) is None

    def misses(self, call: Call) -> Iterator[str]:
        """Why *call* does not match, one sentence per condition; empty if it matches."""
        yield from self._plain_misses(call)
        yield from _missing("query", self.query, call.query)
        if self.header:
            yield from _missing("header", self.lower_header, call.headers)
        if self.body is not None and self.body not in call.body:
            yield f"body: {self.body!r} is not in it"

    def _plain_misses(self, call: Plain) -> Iterator[str]:
        for name in ("service", "operation", "method", "path", "project", "bot"):
            wanted = getattr(self, name)
            if wanted is None:
                continue
            found = getattr(call, name)
            if found is None or not fnmatchcase(found, wanted):
                yield f"{name}: wanted {wanted!r}, was {found!r}"
        if self.status is not None and self.status != call.status:
            yield f"status: wanted {self.status}, was {call.status}"

    def resembles(self, call: Call) -> bool:
        """Whether *call* matches in part: a parameter, a header, or almost the path."""
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
