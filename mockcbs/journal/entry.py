"""One call and its response in the journal."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from mockcbs.core import masking, queries
from mockcbs.core.clock import iso
from mockcbs.core.patterns import Call, Pattern
from mockcbs.core.printable import printable
from mockcbs.core.queries import Rule

Answer = tuple[Sequence[tuple[str, str]], bytes]
"""Headers and body."""

MAX_BODY = 16 * 1024
"""The maximum number of stored bytes of a body."""

_MAX_CACHED = 1_000
"""The number of characters up to which a parsed query is remembered."""
_BYTES = ("raw_body", "raw_response")
"""The fields of an entry that JSON cannot represent."""


@dataclass(frozen=True)
class Entry:
    """One call. Members that begin with raw may contain secrets; `call`, `line` and `as_dict` never do."""

    method: str
    path: str
    raw_query: str = field(repr=False)
    raw_headers: Mapping[str, str] = field(repr=False)
    """As in a WSGI environment."""
    raw_body: bytes = field(repr=False)
    status: int
    raw_response: bytes = field(repr=False)
    response_headers: Sequence[tuple[str, str]] = field(repr=False)
    service: str | None
    operation: str | None
    project: str | None
    bot: str | None
    scope: str | None
    at: int
    """The time of the response by the mock's clock, ms UTC."""
    duration_ms: float
    used_value: Rule = "first"
    """The value of a repeated query parameter that the service uses."""
    raw_token: str = field(default="", repr=False)
    """The caller's token or access key; empty if none was sent."""
    code: str | None = None
    """The error code of the response."""
    reason: str | None = None
    """Why mockcbs returned an error."""
    fault: str | None = None
    """The effect of a scenario on the response."""
    near_misses: tuple[str, ...] = ()
    deliveries: tuple[str, ...] = ()
    """The ids of the webhook deliveries that the call caused."""
    records: tuple[str, ...] = ()
    """The turns that the call recorded: bot, session and time (ms UTC), separated by slashes."""
    dataset: str = ""
    """The dataset and the seed of the traffic behind the response."""
    seed: int = 0
    real_at: int = 0
    """When it was answered by the clock of the machine, ms UTC."""
    rows: tuple[str, ...] = ()
    """The rows that a reporting node wrote for it: service, base, table and record, with slashes between."""
    calls: tuple[int, ...] = ()
    """The calls that a reporting node made for it, by their ids."""
    id: int = 0

    def with_query(self, query: str) -> "Entry":
        """The same call with another query."""
        return replace(self, raw_query=query)

    @cached_property
    def complaints(self) -> tuple[str, ...]:
        """The lines for the log: why the call failed, and which route the client probably meant."""
        if self.operation and not self.code and not self.near_misses:
            return ()
        call, misses = f"{self.method} {self.shown_path}", self.shown_misses
        error = (f"{self.status} {self.code} {call}: {self.shown_reason}",) if self.code else ()
        if self.operation:
            return error + tuple(f"{call}: {miss}" for miss in misses)
        nearest = next(iter(misses), "no route is similar")
        return error or (f"{self.status} {call}: {nearest}",)

    @property
    def shown_path(self) -> str:
        """The path, with secrets masked."""
        return self._without_secrets(masking.text(self.path))

    @property
    def shown_query(self) -> str:
        """The query, with secrets masked."""
        return self._without_secrets(masking.text(self.raw_query))

    @property
    def shown_reason(self) -> str | None:
        """The reason, with secrets masked."""
        return self._without_secrets(masking.text(self.reason)) if self.reason else self.reason

    @property
    def shown_misses(self) -> tuple[str, ...]:
        """The near misses, with secrets masked."""
        return tuple(self._without_secrets(masking.text(miss)) for miss in self.near_misses)

    def _without_secrets(self, text: str) -> str:
        """*text* without the secrets of this call, which may stand in it under an ordinary name."""
        return masking.without(text, self._secrets)

    @property
    def _secrets(self) -> frozenset[str]:
        """The secrets in the headers and the query; in a long query, the search takes milliseconds."""
        return frozenset({*masking.credentials(_names(self.raw_headers)), *masking.values(self.raw_query)})

    @property
    def size(self) -> int:
        """The number of bytes that a client and its response can make large."""
        sent = len(self.raw_query) + sum(map(len, self.raw_headers.values()))
        return sent + len(self.raw_body) + len(self.raw_response)

    @property
    def first(self) -> "Entry":
        """The entry itself, as it repeats no other call."""
        return self

    @property
    def query(self) -> str:
        """The query; it may contain secrets."""
        return self.raw_query

    @property
    def entry(self) -> "Entry":
        """The full entry."""
        return self

    @property
    def call(self) -> Call:
        """The values that patterns compare, with secrets masked."""
        return self.call_without_body(masking.text(self.raw_body.decode("utf-8", "backslashreplace")))

    def call_without_body(self, body: str = "") -> Call:
        """The same as `call` with another *body*: masking a large one takes some milliseconds."""
        return Call(
            self.method,
            self.path,
            self.service,
            self.operation,
            self.project,
            self.bot,
            masking.digest(self.raw_token) if self.raw_token else None,
            self.query_used(self.raw_query),
            masking.headers(_names(self.raw_headers)),
            body,
            self.status,
        )

    def fits_headers(self, pattern: Pattern) -> bool:
        """Whether the headers fit *pattern*, with secrets masked."""
        wanted = pattern.lower_header
        found = (pair for pair in _names(self.raw_headers) if pair[0] in wanted)
        return pattern.fits_headers(masking.headers(found))

    def fits_body(self, text: str) -> bool:
        """Whether the body contains *text*, with secrets masked."""
        body = self.raw_body.decode("utf-8", "backslashreplace")
        return masking.may_show(body, text) and text in masking.text(body)

    def query_used(self, raw: str) -> dict[str, str]:
        """The parameters of the query *raw* that the service uses, secrets masked."""
        return (_used if len(raw) <= _MAX_CACHED else _used.__wrapped__)(raw, self.used_value)

    @property
    def line(self) -> str:
        """The call in one line."""
        return self._line(f" ({self.duration_ms:.1f} ms)")

    @property
    def summary(self) -> str:
        """The call in one line without its duration, so that equal calls have equal summaries."""
        return self._line("")

    def _line(self, took: str) -> str:
        query = f"?{self.shown_query}" if self.raw_query else ""
        misses = self.shown_misses if self.operation else self.shown_misses[:1]  # remarks, or similar routes
        notes = [self.code, self.shown_reason, self.fault and f"scenario {self.fault}", *misses]
        remarks = "; ".join(note for note in notes if note)
        line = f"{self.status} {self.method} {self.shown_path}{query}{took}"
        return printable(f"{line}: {remarks}" if remarks else line)

    def as_dict(self) -> dict[str, Any]:
        """The call as plain JSON, with secrets masked."""
        body = self.raw_body.decode("utf-8", "backslashreplace")
        secrets = self._secrets.union(masking.values(body))

        def shown(text: str) -> str:
            return masking.without(masking.text(text), secrets)

        return {
            "id": self.id,
            "at": iso(self.at),
            "real_at": iso(self.real_at),
            "dataset": self.dataset,
            "seed": self.seed,
            "service": self.service,
            "operation": self.operation,
            "project": self.project,
            "bot": self.bot,
            "credential": masking.digest(self.raw_token) if self.raw_token else None,
            "request": {
                "method": self.method,
                "path": shown(self.path),
                "query": queries.all_values(queries.pairs(shown(self.raw_query))),
                "headers": _without(secrets, masking.headers(_names(self.raw_headers))),
                "body": shown(body),
            },
            "response": {
                "status": self.status,
                "headers": _without(secrets, masking.headers(self.response_headers)),
                "body": shown(self.raw_response.decode("utf-8", "backslashreplace")),
            },
            "duration_ms": round(self.duration_ms, 3),
            "code": self.code,
            "reason": shown(self.reason) if self.reason else self.reason,
            "fault": self.fault,
            "near_misses": [shown(miss) for miss in self.near_misses],
            "deliveries": list(self.deliveries),
            "records": list(self.records),
            "rows": list(self.rows),
            "calls": list(self.calls),
        }

    def packed(self) -> dict[str, Any]:
        """The whole entry as JSON for another worker of the same server; secrets are not masked."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        values["raw_headers"] = dict(self.raw_headers)
        return values | {name: b64encode(values[name]).decode() for name in _BYTES}

    @classmethod
    def unpacked(cls, packed: Mapping[str, Any]) -> "Entry":
        """The entry that was `packed`."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in packed.items()
        }
        values["response_headers"] = [(name, value) for name, value in packed["response_headers"]]
        return cls(**values | {name: b64decode(packed[name]) for name in _BYTES})


class Repeat(NamedTuple):
    """A call like another one; it stores only the differences."""

    first: Entry
    id: int
    at: int
    duration_ms: float
    answer: Callable[[], Answer]
    query: str
    real_at: int
    headers: Mapping[str, str]
    """The headers that differ, by lower-case names."""

    @property
    def scope(self) -> str | None:
        """The scope of the call."""
        return self.first.scope

    @property
    def fault(self) -> str | None:
        """The effect of a scenario on the response."""
        return self.first.fault

    @property
    def entry(self) -> Entry:
        """The full entry of the call, with its response rendered."""
        headers, body = self.answer()
        return replace(
            self.first.with_query(self.query),
            raw_headers={
                **self.first.raw_headers,
                **{_key(name): text for name, text in self.headers.items()},
            },
            id=self.id,
            at=self.at,
            real_at=self.real_at,
            duration_ms=self.duration_ms,
            response_headers=headers,
            raw_response=body[:MAX_BODY],
        )


@lru_cache(maxsize=10_000)
def _used(query: str, rule: Rule) -> dict[str, str]:
    return queries.used(queries.pairs(masking.text(query)), rule)


def _without(secrets: Iterable[str], headers: Mapping[str, str]) -> dict[str, str]:
    return {name: masking.without(value, secrets) for name, value in headers.items()}


def _key(name: str) -> str:
    """The name of a header in a WSGI environment."""
    return f"HTTP_{name.upper().replace('-', '_')}"


def _names(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The headers of a WSGI environment, by lower-case names."""
    for key, value in environ.items():
        if key.startswith("HTTP_") or key in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            yield key.removeprefix("HTTP_").replace("_", "-").lower(), value
