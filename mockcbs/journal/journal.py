"""The journal: the last calls with their responses, newest first."""

import heapq
import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any, NamedTuple

from mockcbs.core.clock import real_now
from mockcbs.core.patterns import Pattern
from mockcbs.core.peers import NoPeers, Peers
from mockcbs.journal.call_log import CallLog
from mockcbs.journal.entry import Answer, Entry, Repeat

_MAX_CLEARED = 1_000
"""The number of scopes of which the journal knows when they were cleared."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Conditions that select calls of the journal."""

    pattern: Pattern | None = None
    scope: str | None = None
    """The scope; `None` selects all."""
    since: int | None = None
    """Calls with a response at this time or later, ms UTC."""
    until: int | None = None
    """Calls with a response before this time, ms UTC."""
    after: int | None = None
    """Calls with a greater id."""
    scenario: str | None = None
    """Calls whose response this scenario changed."""

    def packed(self) -> dict[str, Any]:
        """The selection as JSON values, for another worker."""
        return asdict(self)

    @classmethod
    def unpacked(cls, packed: Mapping[str, Any]) -> "Selection":
        """The selection that was `packed`."""
        pattern = packed["pattern"]
        return cls(**{**packed, "pattern": Pattern(**pattern) if pattern else None})

    def chosen(self, kept: Iterable["Entry | Repeat"]) -> Iterator["Entry | Repeat"]:
        """The selected calls of *kept*."""
        # Masking a call and rendering a cached response cost time, so the cheap conditions come first.
        pattern, plain = self.pattern, self.pattern and self.pattern.plain
        deep = pattern != plain
        for held in kept:
            if (
                (self.scope is None or held.scope == self.scope)
                and (self.since is None or held.at >= self.since)
                and (self.until is None or held.at < self.until)
                and (self.after is None or held.id > self.after)
                and (self.scenario is None or (held.fault or "").startswith(f"{self.scenario}:"))
                and (plain is None or plain.fits(held.plain))
                and (pattern is None or not deep or held.fits(pattern))
            ):
                yield held


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the selected calls, newest first."""

    count: int
    """The number of selected calls on all pages."""
    entries: list[Entry]
    more: bool
    """Whether there are older selected calls."""
    missing: tuple[str, ...] = ()
    """The names of the workers or replicas that did not respond; their calls are missing."""

    def packed(self) -> dict[str, Any]:
        """The page of one worker as JSON values, for another worker."""
        entries = [entry.packed() for entry in self.entries]
        return {"count": self.count, "entries": entries, "more": self.more}

    @classmethod
    def unpacked(cls, packed: Mapping[str, Any]) -> "Page":
        """The page that was `packed`."""
        entries = [Entry.unpacked(entry) for entry in packed["entries"]]
        return cls(packed["count"], entries, packed["more"])


class Cleared(NamedTuple):
    """The result of deleting calls."""

    calls: int
    """The number of deleted calls."""
    missing: tuple[str, ...]
    """The names of the workers or replicas that did not respond and may still have their calls."""


class Journal:
    """A ring buffer of the last calls, including those of the other workers."""

    def __init__(self, size: int, peers: Peers | None = None) -> None:
        """*size* is the maximum number of calls of all workers together."""
        self._size = size
        self._entries: deque[Entry | Repeat] = deque(maxlen=size)
        self._peers = peers or NoPeers()
        self._numbers = self._peers.numbers()
        self._lock = threading.Lock()
        self._cleared: OrderedDict[str | None, float] = OrderedDict()
        """When each scope, or all of them (`None`), was cleared."""
        self.log = CallLog()
        self._peers.handle("journal.ids", self._ids)
        self._peers.handle("journal.page", self._packed_page)
        self._peers.handle("journal.clear", self._clear)
        self._peers.handle("journal.newest", self._newest)
        self._peers.handle("journal.next_after", self._next_after)
        self._peers.handle("journal.scopes", self._scopes)

    def add(self, *, began: float = math.inf, **facts: Any) -> Entry:
        """Store one call, unless the journal or its scope was cleared after the call *began*.

        *began* is a time of `time.perf_counter`.
        """
        with self._lock:
            entry = Entry(**facts, real_at=real_now(), id=next(self._numbers))
            if all(began > self._cleared.get(scope, -math.inf) for scope in (None, entry.scope)):
                self._entries.append(entry)
            return entry

    def repeat(
        self, first: Entry, at: int, duration_ms: float, answer: Callable[[], Answer], query: str
    ) -> None:
        """Store a call like *first* with a response *at* (ms UTC); its response is rendered only when it
        is read.
        """
        with self._lock:
            number = next(self._numbers)
            self._entries.append(Repeat(first, number, at, duration_ms, answer, query, real_now()))

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

    def newest(self) -> int:
        """The id of the last call; 0 if there is none."""
        others: list[int] = self._peers.request("journal.newest")
        return max([self._newest(), *others])

    def next_after(self, number: int) -> int | None:
        """The id of the first call after the one with that id; `None` if there is none."""
        others: list[int | None] = self._peers.request("journal.next_after", number)
        return min((one for one in [self._next_after(number), *others] if one is not None), default=None)

    def scopes(self) -> list[str]:
        """The scopes of the calls, sorted by their last calls, newest first."""
        found = dict.fromkeys(self._scopes())
        found |= {scope: None for scopes in self._peers.request("journal.scopes") for scope in scopes}
        return list(found)

    def clear(self, scope: str | None = None) -> Cleared:
        """Delete the calls of one scope or of all."""
        oldest = self._oldest()
        if scope is None:
            self._peers.forget_lost()
        others = self._peers.request("journal.clear", scope, oldest)
        return Cleared(self._clear(scope, oldest) + sum(others), others.missing)

    def _kept(self) -> list[Entry | Repeat]:
        with self._lock:
            return list(self._entries)

    def _oldest(self) -> int:
        """The id of the oldest call of the journal.

        Each worker stores as many calls as the whole journal may have, so the oldest of them are surplus.
        """
        others: list[list[int]] = self._peers.request("journal.ids")
        if not others:
            return 0
        ids = chain(self._ids(), *others)
        kept: list[int] = heapq.nlargest(self._entries.maxlen or 0, ids)
        return min(kept, default=0)

    def _newest(self) -> int:
        with self._lock:
            return self._entries[-1].id if self._entries else 0

    def _next_after(self, number: int) -> int | None:
        return min((one for one in self._ids() if one > number), default=None)

    def _scopes(self) -> list[str]:
        return list(dict.fromkeys(held.scope for held in reversed(self._kept()) if held.scope))

    def _ids(self) -> list[int]:
        return [entry.id for entry in self._kept()]

    def _packed_page(self, selection: Mapping[str, Any], *details: Any) -> dict[str, Any]:
        return self._own(Selection.unpacked(selection), *details).packed()

    def _own(self, selection: Selection, limit: int, before: int | None, oldest: int) -> Page:
        """The page of this worker's calls, without those older than the one with the id *oldest*."""
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
        """Delete the calls of *scope*, and all that are older than the call with the id *oldest*."""
        if scope is None:
            self.log.forget()
        with self._lock:
            self._cleared[scope] = time.perf_counter()
            self._cleared.move_to_end(scope)
            if len(self._cleared) > _MAX_CLEARED:
                self._cleared.popitem(last=False)
            counted = [entry for entry in self._entries if entry.id >= oldest]
            kept = [entry for entry in counted if scope not in {None, entry.scope}]
            self._entries.clear()
            self._entries.extend(kept)
            return len(counted) - len(kept)
