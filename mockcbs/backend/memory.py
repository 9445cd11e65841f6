"""State in the memory of one process."""

import threading
import time
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import count, islice, takewhile

from mockcbs.backend.base import Counts, Entry, Feed, Files, Leases, Outbox
from mockcbs.backend.documents import Condition, Document, Documents, check_names, matches, page
from mockcbs.backend.files import FolderFiles
from mockcbs.core.budget import Budget, size_of
from mockcbs.core.changes import Changes
from mockcbs.core.clock import Clock
from mockcbs.core.clocks import Clocks, MemoryClocks
from mockcbs.core.garbage import free
from mockcbs.core.peers import NoPeers, Peers
from mockcbs.faults.runs import MemoryRuns, Runs, Watch
from mockcbs.traffic.recordings import MemoryRecordings, Recordings


class MemoryBackend:
    """A `mockcbs.backend.base.Backend` of one process."""

    feed: Feed | None = None
    joins = False

    def __init__(self, budget: Budget | None = None) -> None:
        """*budget* limits what clients can create."""
        self._budget = budget = budget or Budget()
        self.changes = Changes()
        self.documents: Documents = MemoryDocuments(budget)
        self.live: Documents = MemoryDocuments(budget)
        self.recordings: Recordings = MemoryRecordings(self.changes, budget.limit // 2)
        self.leases: Leases = MemoryLeases()
        self.counts: Counts = MemoryCounts(budget)
        self.outbox: Outbox = MemoryOutbox(budget)
        self.files: Files = FolderFiles()
        self.peers: Peers = NoPeers()

    def clocks(self, start: Callable[[], Clock]) -> Clocks:
        """The clocks."""
        return MemoryClocks(start, self._budget)

    def runs(self, watch: Watch) -> Runs:
        """The running scenarios."""
        return MemoryRuns(watch, self._budget, self.changes)

    def close(self) -> None:
        """Do nothing, because nothing is open."""


class MemoryDocuments:
    """A `mockcbs.backend.documents.Documents` of one process."""

    in_memory = True

    def __init__(self, budget: Budget | None = None) -> None:
        """*budget* limits the documents."""
        self._budget = budget or Budget()
        self._tables: dict[tuple[str, str], dict[str, Document]] = {}
        """By kind and scope, then by key."""
        self._sizes: dict[tuple[str, str], dict[str, int]] = {}
        """The sizes of the documents in bytes, apart from them: a search reads thousands of documents."""
        self._lock = threading.RLock()

    def transaction(self) -> AbstractContextManager[object]:
        """A context that holds the lock."""
        return self._lock

    @property
    def is_busy(self) -> bool:
        """Whether a transaction of this thread would wait for that of another thread."""
        if self._lock.acquire(blocking=False):
            self._lock.release()
            return False
        return True

    def get(self, kind: str, scope: str, key: str) -> Document | None:
        """The document, or `None`."""
        return self._tables.get((kind, scope), {}).get(key)

    def put(self, kind: str, scope: str, key: str, document: Document) -> None:
        """Store *document* under *key*."""
        size = size_of(document) + len(key)
        with self._lock:
            sizes = self._sizes.setdefault((kind, scope), {})
            self._budget.take(f"a document of kind {kind}", size, sizes.get(key))
            sizes[key] = size
            self._tables.setdefault((kind, scope), {})[key] = document

    def delete(self, kind: str, scope: str, key: str) -> bool:
        """Delete a document. Return whether it existed."""
        with self._lock:
            size = self._sizes.get((kind, scope), {}).pop(key, None)
            if size is None:
                return False
            self._budget.give_back(size)
            del self._tables[kind, scope][key]
            return True

    def select(
        self,
        kind: str,
        scope: str,
        *,
        where: Sequence[Condition] = (),
        sort: Sequence[str] = (),
        after: str | None = None,
        offset: int = 0,
        limit: int | None = None,
    ) -> list[Document]:
        """The documents that meet all conditions."""
        check_names(where, sort)
        if where or sort or after is not None:
            return list(page(self._rows(kind, scope), where, sort, after, (offset, limit)))
        with self._lock:
            held = self._tables.get((kind, scope), {}).values()
            return list(islice(held, offset, None if limit is None else offset + limit))

    def count(self, kind: str, scope: str, where: Sequence[Condition] = ()) -> int:
        """The number of documents that meet all conditions."""
        check_names(where, ())
        if not where:
            return len(self._tables.get((kind, scope), ()))
        return sum(matches(document, where) for _, document in self._rows(kind, scope))

    def clear(self, scope: str | None = None) -> None:
        """Delete everything, in one scope or in all."""
        with self._lock:
            self._delete(table for table in self._tables if scope in {None, table[1]})

    def drop(self, kind: str) -> None:
        """Delete everything of a kind."""
        with self._lock:
            self._delete(table for table in self._tables if table[0] == kind)

    def _rows(self, kind: str, scope: str) -> list[tuple[str, Document]]:
        with self._lock:
            return list(self._tables.get((kind, scope), {}).items())

    def _delete(self, tables: Iterator[tuple[str, str]]) -> None:
        for table in list(tables):
            documents, sizes = self._tables.pop(table), self._sizes.pop(table)
            for size in sizes.values():
                self._budget.give_back(size)
            free(documents, sizes)


class MemoryLeases:
    """A `mockcbs.backend.base.Leases` of one process, whose threads are the holders."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def lease(self, name: str, holder: str, seconds: float) -> bool:
        """Take the lease for *seconds*. Return `False` if another holder has it."""
        with self._lock:
            owner, until = self._held.get(name, ("", 0.0))
            if owner != holder and until > time.monotonic():
                return False
            self._held[name] = holder, time.monotonic() + seconds
            return True

    def renew(self, name: str, holder: str, seconds: float) -> bool:
        """Extend the lease of *holder* to *seconds* from now. Return `False` if it is lost."""
        with self._lock:
            if self._held.get(name, ("", 0.0))[0] != holder:
                return False
            self._held[name] = holder, time.monotonic() + seconds
            return True

    def release(self, name: str, holder: str) -> None:
        """Release the lease if *holder* has it."""
        with self._lock:
            if self._held.get(name, ("", 0.0))[0] == holder:
                del self._held[name]


class MemoryCounts:
    """A `mockcbs.backend.base.Counts` of one process."""

    def __init__(self, budget: Budget | None = None) -> None:
        self._budget = budget or Budget()
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()

    def next(self, scope: str) -> int:
        """The number of requests of *scope* that were counted before this one."""
        with self._lock:
            number = self._counts.get(scope)
            if number is None:
                self._budget.take("a count of requests", len(scope))
                number = 0
            self._counts[scope] = number + 1
            return number

    def clear(self, scope: str | None = None) -> None:
        """Start again from 0, in one scope or in all."""
        with self._lock:
            for known in list(self._counts) if scope is None else {scope} & self._counts.keys():
                del self._counts[known]
                self._budget.give_back(len(known))


class MemoryOutbox:
    """A `mockcbs.backend.base.Outbox` of one process."""

    def __init__(self, budget: Budget | None = None) -> None:
        self._budget = budget or Budget()
        self._entries: dict[int, Entry] = {}
        self._queues: dict[str, list[tuple[int, int]]] = {}
        """By queue: due times and numbers, in order."""
        self._claims: dict[int, float] = {}
        self._numbers = count(1)
        self._lock = threading.Lock()

    def append(self, queue: str, body: Document, *, due: int, scope: str = "") -> int:
        """Add an entry and return its number."""
        with self._lock:
            self._budget.take(f"an entry of outbox {queue}", size_of(body))
            number = next(self._numbers)
            self._insert(Entry(number, queue, scope, due, body))
            return number

    def peek(self, queue: str, limit: int = 100) -> list[Entry]:
        """The first entries, claimed or not."""
        with self._lock:
            return [self._entries[number] for _, number in self._queues.get(queue, ())[:limit]]

    def claim(self, queue: str, now: int, *, seconds: float, limit: int = 100) -> list[Entry]:
        """The first unclaimed entries due at *now* (ms UTC)."""
        with self._lock:
            at = time.monotonic()
            due = takewhile(lambda place: place[0] <= now, self._queues.get(queue, ()))
            free = (number for _, number in due if self._claims.get(number, 0.0) <= at)
            claimed = [self._entries[number] for number in islice(free, limit)]
            self._claims |= {entry.number: at + seconds for entry in claimed}
            return claimed

    def ack(self, number: int) -> bool:
        """Delete an entry that is done. Return whether it existed."""
        with self._lock:
            return self._delete(number)

    def postpone(self, number: int, due: int, body: Document | None = None) -> bool:
        """Make an entry due again at *due*. Return whether it existed."""
        with self._lock:
            entry = self._entries.get(number)
            if entry is None:
                return False
            if body is not None:
                self._budget.take(f"an entry of outbox {entry.queue}", size_of(body), size_of(entry.body))
            self._remove(entry)
            self._insert(replace(entry, due=due, body=entry.body if body is None else body))
            return True

    def clear(self, scope: str | None = None) -> None:
        """Delete the entries of one scope or of all."""
        with self._lock:
            for entry in [entry for entry in self._entries.values() if scope in {None, entry.scope}]:
                self._delete(entry.number)

    def _insert(self, entry: Entry) -> None:
        self._entries[entry.number] = entry
        insort(self._queues.setdefault(entry.queue, []), (entry.due, entry.number))

    def _remove(self, entry: Entry) -> None:
        del self._entries[entry.number]
        self._claims.pop(entry.number, None)
        places = self._queues[entry.queue]
        del places[bisect_left(places, (entry.due, entry.number))]
        if not places:
            del self._queues[entry.queue]

    def _delete(self, number: int) -> bool:
        entry = self._entries.get(number)
        if entry:
            self._remove(entry)
            self._budget.give_back(size_of(entry.body))
        return entry is not None
