"""The journal: the last calls and how each was answered, newest first."""

import heapq
import threading
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any, NamedTuple

from mockcbs.core import masking, queries
from mockcbs.core.clock import iso
from mockcbs.core.patterns import Call, Pattern
from mockcbs.core.peers import NoPeers, Peers
from mockcbs.core.printable import printable
from mockcbs.core.queries import Rule

Answer = tuple[Sequence[tuple[str, str]], bytes]
"""Headers and body."""

MAX_BODY = 16 * 1024
"""Bytes kept of a body."""

_BYTES = ("raw_body", "raw_response")
"""The fields of an entry that JSON cannot hold as they are."""


@dataclass(frozen=True)
class Entry:
    """One call. What is raw may hold secrets; `call`, `line` and `as_dict` never do."""

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
    """When it was answered by the clock of the mock, ms UTC."""
    duration_ms: float
    used_value: Rule = "first"
    """Which value of a repeated query parameter the service uses."""
    raw_token: str = field(default="", repr=False)
    """The caller's token or access key; empty if none was sent."""
    code: str | None = None
    """The error's code."""
    reason: str | None = None
    """Why mockcbs answered an error."""
    fault: str | None = None
    """What a scenario did to it."""
    near_misses: tuple[str, ...] = ()
    deliveries: tuple[str, ...] = ()
    """The webhook deliveries that it caused, by their ids."""
    id: int = 0

    def with_query(self, query: str) -> "Entry":
        """The same call with another query."""
        return replace(self, raw_query=query)

    @cached_property
    def complaints(self) -> list[str]:
        """The lines for the log: why the call failed, and which call was probably meant."""
        call = f"{self.method} {self.path}"
        error = [f"{self.status} {self.code} {call}: {self.reason}"] if self.code else []
        if self.operation:
            return error + [f"{call}: {miss}" for miss in self.near_misses]
        nearest = next(iter(self.near_misses), "no route is like it")
        return error or [f"{self.status} {call}: {nearest}"]

    @cached_property
    def plain(self) -> Call:
        """What patterns compare, except query, headers and body, which must be masked first."""
        return Call(
            self.method, self.path, self.service, self.operation, self.project, self.bot, status=self.status
        )

    @cached_property
    def call(self) -> Call:
        """What patterns compare, with secrets masked."""
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
            masking.text(self.raw_body.decode("utf-8", "backslashreplace")),
            self.status,
        )

    def fits(self, pattern: Pattern) -> bool:
        """Whether the call fits *pattern*."""
        return pattern.fits(self.call)

    def query_used(self, raw: str) -> dict[str, str]:
        """The parameters of the query *raw* that the service uses, secrets masked."""
        return _used(raw, self.used_value)

    @property
    def line(self) -> str:
        """The call in one line."""
        return self._line(f" ({self.duration_ms:.1f} ms)")

    @property
    def summary(self) -> str:
        """The call in one line without its duration, so that equal calls have equal summaries."""
        return self._line("")

    def _line(self, took: str) -> str:
        query = f"?{masking.text(self.raw_query)}" if self.raw_query else ""
        notes = [self.code, self.reason, self.fault and f"scenario {self.fault}", *self.near_misses[:1]]
        remarks = "; ".join(note for note in notes if note)
        line = f"{self.status} {self.method} {self.path}{query}{took}"
        return printable(f"{line}: {remarks}" if remarks else line)

    def as_dict(self) -> dict[str, Any]:
        """The call as plain JSON, with secrets masked."""
        return {
            "id": self.id,
            "at": iso(self.at),
            "service": self.service,
            "operation": self.operation,
            "project": self.project,
            "bot": self.bot,
            "credential": self.call.credential,
            "request": {
                "method": self.method,
                "path": self.path,
                "query": queries.all_values(queries.pairs(masking.text(self.raw_query))),
                "headers": self.call.headers,
                "body": self.call.body,
            },
            "response": {
                "status": self.status,
                "headers": masking.headers(self.response_headers),
                "body": masking.text(self.raw_response.decode("utf-8", "backslashreplace")),
            },
            "duration_ms": round(self.duration_ms, 3),
            "code": self.code,
            "reason": self.reason,
            "fault": self.fault,
            "near_misses": list(self.near_misses),
            "deliveries": list(self.deliveries),
        }

    def packed(self) -> dict[str, Any]:
        """The whole entry as JSON values, for another worker of the same server; secrets are not masked."""
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


class _Repeat(NamedTuple):
    """A call like another one: only what differs from that one is kept."""

    first: Entry
    id: int
    at: int
    duration_ms: float
    answer: Callable[[], Answer]
    query: str

    @property
    def scope(self) -> str | None:
        return self.first.scope

    @property
    def plain(self) -> Call:
        return self.first.plain

    @property
    def call(self) -> Call:
        if self.query == self.first.raw_query:
            return self.first.call
        return replace(self.first.call, query=self.first.query_used(self.query))

    def fits(self, pattern: Pattern) -> bool:
        """Whether the call fits; queries differ between repeats, so their text decides for most."""
        return (
            queries.may_hold(self.query, pattern.query)
            and pattern.fits_query(self.first.query_used(self.query))
            and pattern.fits(self.call)
        )

    @property
    def entry(self) -> Entry:
        headers, body = self.answer()
        return replace(
            self.first.with_query(self.query),
            id=self.id,
            at=self.at,
            duration_ms=self.duration_ms,
            response_headers=headers,
            raw_response=body[:MAX_BODY],
        )


@dataclass(frozen=True, slots=True)
class Selection:
    """Conditions that select calls of the journal."""

    pattern: Pattern | None = None
    scope: str | None = None
    """`None` for all."""
    since: int | None = None
    """Calls answered at this time or later, ms UTC."""
    until: int | None = None
    """Calls answered before this time, ms UTC."""

    def packed(self) -> dict[str, Any]:
        """The selection as JSON values, for another worker."""
        return asdict(self)

    @classmethod
    def unpacked(cls, packed: Mapping[str, Any]) -> "Selection":
        """The selection that was `packed`."""
        pattern = packed["pattern"]
        return cls(**{**packed, "pattern": Pattern(**pattern) if pattern else None})

    def chosen(self, kept: Iterable["Entry | _Repeat"]) -> Iterator["Entry | _Repeat"]:
        """The selected calls of *kept*."""
        # Masking a call and rendering a cached response cost time, so the cheap conditions come first.
        pattern, plain = self.pattern, self.pattern and self.pattern.plain
        deep = pattern != plain
        for held in kept:
            if (
                (self.scope is None or held.scope == self.scope)
                and (self.since is None or held.at >= self.since)
                and (self.until is None or held.at < self.until)
                and (plain is None or plain.fits(held.plain))
                and (pattern is None or not deep or held.fits(pattern))
            ):
                yield held


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the selected calls, newest first."""

    count: int
    """How many calls were selected in all."""
    entries: list[Entry]
    more: bool
    """Whether there are older ones."""
    missing: tuple[int, ...] = ()
    """The numbers of the workers that did not respond, whose calls are left out."""

    def packed(self) -> dict[str, Any]:
        """The page of one worker as JSON values, for another worker."""
        entries = [entry.packed() for entry in self.entries]
        return {"count": self.count, "entries": entries, "more": self.more}

    @classmethod
    def unpacked(cls, packed: Mapping[str, Any]) -> "Page":
        """The page that was `packed`."""
        entries = [Entry.unpacked(entry) for entry in packed["entries"]]
        return cls(packed["count"], entries, packed["more"])


class Journal:
    """A ring of the last calls; it includes the calls of the other workers."""

    def __init__(self, size: int, peers: Peers | None = None) -> None:
        """*size* is the number of calls that all workers together keep."""
        self._size = size
        self._entries: deque[Entry | _Repeat] = deque(maxlen=size)
        self._peers = peers or NoPeers()
        self._numbers = self._peers.numbers()
        self._lock = threading.Lock()
        self._peers.handle("journal.ids", self._ids)
        self._peers.handle("journal.page", self._packed_page)
        self._peers.handle("journal.clear", self._clear)

    def add(self, **facts: Any) -> Entry:
        """Keep one call."""
        with self._lock:
            entry = Entry(**facts, id=next(self._numbers))
            self._entries.append(entry)
            return entry

    def repeat(
        self, first: Entry, at: int, duration_ms: float, answer: Callable[[], Answer], query: str
    ) -> None:
        """Keep a call like *first*, answered *at* (ms UTC); its response is rendered when it is read."""
        with self._lock:
            self._entries.append(_Repeat(first, next(self._numbers), at, duration_ms, answer, query))

    def entries(self, pattern: Pattern | None = None, scope: str | None = None) -> list[Entry]:
        """The calls that match *pattern*, in one scope or in all, newest first."""
        return self.page(Selection(pattern, scope), self._size).entries

    def count(self, pattern: Pattern | None = None, scope: str | None = None) -> int:
        """How many calls match *pattern*, in one scope or in all."""
        return self.page(Selection(pattern, scope), 0).count

    def page(self, selection: Selection, limit: int, before: int | None = None) -> Page:
        """The newest *limit* selected calls that are older than the one with the id *before*."""
        oldest = self._oldest()
        own = self._own(selection, limit, before, oldest)
        others = self._peers.request("journal.page", selection.packed(), limit, before, oldest)
        pages = [own, *map(Page.unpacked, others)]
        entries = list(heapq.merge(*(page.entries for page in pages), key=lambda entry: -entry.id))
        more = len(entries) > limit or any(page.more for page in pages)
        return Page(sum(page.count for page in pages), entries[:limit], more, others.missing)

    def clear(self, scope: str | None = None) -> int:
        """Forget the calls of one scope or of all; return how many there were."""
        oldest = self._oldest()
        others: list[int] = self._peers.request("journal.clear", scope, oldest)
        return self._clear(scope, oldest) + sum(others)

    def _kept(self) -> list[Entry | _Repeat]:
        with self._lock:
            return list(self._entries)

    def _oldest(self) -> int:
        """The id of the oldest call that belongs to the journal.

        Each worker keeps as many calls as the whole journal may hold, so the oldest of them are too many.
        """
        others: list[list[int]] = self._peers.request("journal.ids")
        if not others:
            return 0
        ids = chain(self._ids(), *others)
        kept: list[int] = heapq.nlargest(self._entries.maxlen or 0, ids)
        return min(kept, default=0)

    def _ids(self) -> list[int]:
        return [entry.id for entry in self._kept()]

    def _packed_page(self, selection: Mapping[str, Any], *details: Any) -> dict[str, Any]:
        return self._own(Selection.unpacked(selection), *details).packed()

    def _own(self, selection: Selection, limit: int, before: int | None, oldest: int) -> Page:
        """The page of the calls that this worker answered, none older than the one with the id *oldest*."""
        kept = (held for held in reversed(self._kept()) if held.id >= oldest)
        found: list[Entry] = []
        count, more = 0, False
        for held in selection.chosen(kept):
            count += 1
            if before is None or held.id < before:
                more = len(found) >= limit
                if not more:
                    found.append(held if isinstance(held, Entry) else held.entry)
        return Page(count, found, more)

    def _clear(self, scope: str | None, oldest: int) -> int:
        """Forget the calls of *scope*, and all that are older than the call with the id *oldest*."""
        with self._lock:
            counted = [entry for entry in self._entries if entry.id >= oldest]
            kept = [entry for entry in counted if scope not in {None, entry.scope}]
            self._entries.clear()
            self._entries.extend(kept)
            return len(counted) - len(kept)


@lru_cache(maxsize=10_000)
def _used(query: str, rule: Rule) -> dict[str, str]:
    return queries.used(queries.pairs(masking.text(query)), rule)


def _names(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Headers of a WSGI environment by their lower-case names."""
    for key, value in environ.items():
        if key.startswith("HTTP_") or key in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            yield key.removeprefix("HTTP_").replace("_", "-").lower(), value
