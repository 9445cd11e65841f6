"""The journal: the last calls and how each was answered, newest first."""

import heapq
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from mockcbs.core import masking
from mockcbs.core.clock import iso
from mockcbs.core.patterns import Call, Pattern
from mockcbs.core.peers import Nobody, Peers
from mockcbs.core.printable import printable

Answer = tuple[Sequence[tuple[str, str]], bytes]
"""Headers and body."""

LONGEST_BODY = 16 * 1024
"""Bytes kept of a body."""

MAX_NEAR = 1_000
"""The newest calls, among which near misses are searched."""
_NEAREST = 3


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
    raw_answer: bytes = field(repr=False)
    answer_headers: Sequence[tuple[str, str]] = field(repr=False)
    service: str | None
    operation: str | None
    project: str | None
    bot: str | None
    scope: str | None
    at: int
    """When it was answered by the clock of the mock, ms UTC."""
    duration_ms: float
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
        """What the log says of it: why it is an error, and what it may have meant."""
        asked = f"{self.method} {self.path}"
        told = [f"{self.status} {self.code} {asked}: {self.reason}"] if self.code else []
        if self.operation:
            return told + [f"{asked}: {miss}" for miss in self.near_misses]
        nearest = next(iter(self.near_misses), "no route is like it")
        return told or [f"{self.status} {asked}: {nearest}"]

    @cached_property
    def plain(self) -> Call:
        """The facts patterns ask about, but for query, headers and body, which must be masked first."""
        return Call(
            self.method, self.path, self.service, self.operation, self.project, self.bot, status=self.status
        )

    @cached_property
    def call(self) -> Call:
        """The facts patterns ask about, secrets masked."""
        return Call(
            self.method,
            self.path,
            self.service,
            self.operation,
            self.project,
            self.bot,
            masking.digest(self.raw_token) if self.raw_token else None,
            _shown(self.raw_query),
            masking.headers(_names(self.raw_headers)),
            masking.text(self.raw_body.decode("utf-8", "backslashreplace")),
            self.status,
        )

    @property
    def line(self) -> str:
        """The call in one line."""
        return self._line(f" ({self.duration_ms:.1f} ms)")

    @property
    def summary(self) -> str:
        """The call in one line, but for how long it took: the same for equal calls."""
        return self._line("")

    def _line(self, took: str) -> str:
        query = f"?{masking.text(self.raw_query)}" if self.raw_query else ""
        notes = [self.code, self.reason, self.fault and f"scenario {self.fault}", *self.near_misses[:1]]
        told = "; ".join(note for note in notes if note)
        line = f"{self.status} {self.method} {self.path}{query}{took}"
        return printable(f"{line}: {told}" if told else line)

    def as_dict(self) -> dict[str, Any]:
        """The call as plain JSON."""
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
                "query": self.call.query,
                "headers": self.call.headers,
                "body": self.call.body,
            },
            "response": {
                "status": self.status,
                "headers": masking.headers(self.answer_headers),
                "body": masking.text(self.raw_answer.decode("utf-8", "backslashreplace")),
            },
            "duration_ms": round(self.duration_ms, 3),
            "code": self.code,
            "reason": self.reason,
            "fault": self.fault,
            "near_misses": list(self.near_misses),
            "deliveries": list(self.deliveries),
        }


class _Repeat(NamedTuple):
    """A call like another one, as little as must be kept of it."""

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
        return replace(self.first.call, query=_shown(self.query))

    @property
    def entry(self) -> Entry:
        headers, body = self.answer()
        return replace(
            self.first.with_query(self.query),
            id=self.id,
            at=self.at,
            duration_ms=self.duration_ms,
            answer_headers=headers,
            raw_answer=body[:LONGEST_BODY],
        )


@dataclass(frozen=True, slots=True)
class Selection:
    """Which calls are meant."""

    pattern: Pattern | None = None
    scope: str | None = None
    """`None` for all."""
    since: int | None = None
    """Answered not before, ms UTC."""
    until: int | None = None
    """Answered before."""

    def chosen(self, kept: Iterable["Entry | _Repeat"]) -> Iterator["Entry | _Repeat"]:
        """Those of *kept* that are meant. What costs time, masking and made-up answers, comes last."""
        pattern, plain = self.pattern, self.pattern and self.pattern.plain
        deep = pattern != plain
        for held in kept:
            if (
                (self.scope is None or held.scope == self.scope)
                and (self.since is None or held.at >= self.since)
                and (self.until is None or held.at < self.until)
                and (plain is None or plain.fits(held.plain))
                and (not deep or (pattern is not None and pattern.fits(held.call)))
            ):
                yield held


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the calls that were meant, newest first."""

    count: int
    """How many calls were meant in all."""
    entries: list[Entry]
    more: bool
    """Whether there are older ones."""
    missing: tuple[int, ...] = ()
    """The numbers of the workers that did not answer: their calls are left out."""


class Journal:
    """A ring of the last calls, those of the other workers among them."""

    def __init__(self, size: int, peers: Peers | None = None) -> None:
        """*size* calls are kept in all."""
        self._size = size
        self._entries: deque[Entry | _Repeat] = deque(maxlen=size)
        self._peers = peers or Nobody()
        self._numbers = self._peers.numbers()
        self._lock = threading.Lock()
        self._peers.tell("journal.ids", self._ids)
        self._peers.tell("journal.page", self._own)
        self._peers.tell("journal.clear", self._clear)

    def add(self, **facts: Any) -> Entry:
        """Keep one call."""
        with self._lock:
            entry = Entry(**facts, id=next(self._numbers))
            self._entries.append(entry)
            return entry

    def repeat(
        self, first: Entry, at: int, duration_ms: float, answer: Callable[[], Answer], query: str
    ) -> None:
        """Keep a call like *first*, answered *at* (ms UTC); its answer is made when somebody asks for it."""
        with self._lock:
            self._entries.append(_Repeat(first, next(self._numbers), at, duration_ms, answer, query))

    def entries(self, pattern: Pattern | None = None, scope: str | None = None) -> list[Entry]:
        """The calls that fit, in one scope or in all, newest first."""
        return self.page(Selection(pattern, scope), self._size).entries

    def count(self, pattern: Pattern | None = None, scope: str | None = None) -> int:
        """How many calls fit, in one scope or in all."""
        return self.page(Selection(pattern, scope), 0).count

    def page(self, selection: Selection, limit: int, before: int | None = None) -> Page:
        """The newest *limit* calls that are meant and older than the one with the id *before*."""
        oldest = self._oldest()
        own = self._own(selection, limit, before, oldest)
        others = self._peers.ask("journal.page", selection, limit, before, oldest)
        pages: list[Page] = [own, *others]
        entries = list(heapq.merge(*(page.entries for page in pages), key=lambda entry: -entry.id))
        more = len(entries) > limit or any(page.more for page in pages)
        return Page(sum(page.count for page in pages), entries[:limit], more, others.missing)

    def clear(self, scope: str | None = None) -> int:
        """Forget the calls of one scope or all; how many there were."""
        oldest = self._oldest()
        others: list[int] = self._peers.ask("journal.clear", scope, oldest)
        return self._clear(scope, oldest) + sum(others)

    def _kept(self) -> list[Entry | _Repeat]:
        with self._lock:
            return list(self._entries)

    def _oldest(self) -> int:
        """The id of the oldest call that is still kept, when all workers together keep so many."""
        others: list[list[int]] = self._peers.ask("journal.ids")
        if not others:
            return 0
        ids = chain(self._ids(), *others)
        kept: list[int] = heapq.nlargest(self._entries.maxlen or 0, ids)
        return min(kept, default=0)

    def _ids(self) -> list[int]:
        return [entry.id for entry in self._kept()]

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
        """Forget, and also what is older than the call with that id, which nobody counts any more."""
        with self._lock:
            counted = [entry for entry in self._entries if entry.id >= oldest]
            kept = [entry for entry in counted if scope not in {None, entry.scope}]
            self._entries.clear()
            self._entries.extend(kept)
            return len(counted) - len(kept)


@dataclass(frozen=True)
class Expectation:
    """How many calls there should have been."""

    pattern: Pattern
    at_least: int = 1
    at_most: int | None = None

    def shortfall(self, journal: Journal, scope: str | None = None) -> str | None:
        """Why the journal does not hold them, with the nearest misses; `None` if it does."""
        matched = journal.page(Selection(self.pattern, scope), 0)
        found = matched.count
        if self.at_least <= found and (self.at_most is None or found <= self.at_most):
            return None
        wanted = ", ".join(f"{name}={value!r}" for name, value in self.pattern.asked.items()) or "any"
        lines = [f"wanted {self._wanted} like {wanted}, found {found}"]
        if found < self.at_least:
            newest = journal.page(Selection(scope=scope), MAX_NEAR)
            lines += _near_misses(self.pattern, newest.entries, newest.count - found)
        if matched.missing:
            lines.append(f"workers that did not answer, whose calls are left out: {list(matched.missing)}")
        return "\n".join(lines)

    @property
    def _wanted(self) -> str:
        if self.at_most == self.at_least:
            return "1 call" if self.at_least == 1 else f"{self.at_least} calls"
        if self.at_most is None:
            return f"at least {self.at_least}"
        return f"{self.at_least} to {self.at_most} calls"


def _near_misses(pattern: Pattern, entries: Iterable[Entry], others_in_all: int) -> Iterator[str]:
    """The calls that miss *pattern* by least, equal ones once, and why each does."""
    others = [entry for entry in entries if not pattern.fits(entry.call)]
    near = Counter(
        (entry.summary, tuple(pattern.misses(entry.call)))
        for entry in others
        if pattern.resembles(entry.call)
    )
    for (summary, why), count in sorted(near.items(), key=lambda row: len(row[0][1]))[:_NEAREST]:
        yield f"nearest, {count} times: {summary}" if count > 1 else f"nearest: {summary}"
        yield from (f"    {sentence}" for sentence in why)
    if not others_in_all:
        yield "there were no other calls"
    elif not near:
        yield f"there was nothing like it; other calls: {others_in_all}"


@lru_cache(maxsize=10_000)
def _shown(query: str) -> dict[str, str]:
    """The parameters of a query, secrets masked."""
    return dict(parse_qsl(masking.text(query), keep_blank_values=True))


def _names(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Headers of a WSGI environment by their lower-case names."""
    for key, value in environ.items():
        if key.startswith("HTTP_") or key in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            yield key.removeprefix("HTTP_").replace("_", "-").lower(), value
