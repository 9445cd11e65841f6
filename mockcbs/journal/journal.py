"""The journal: the last calls of all workers, newest first."""

import heapq
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from mockcbs.core.patterns import Pattern
from mockcbs.core.peers import NoPeers, Peers
from mockcbs.journal.call_log import CallLog
from mockcbs.journal.entry import Entry
from mockcbs.journal.ring import Found, Ring
from mockcbs.journal.selection import Selection

_SECONDS = 0.2
"""How long a worker searches its calls for one request of another worker, in s; then it is asked again."""
_MAX_SENT = 2**20
"""The size of calls that a worker sends to another in one response, in bytes."""
_MAX_ASKED = 500
"""The number of calls that another worker is asked for at once."""
_PIVOTS = 64
"""The number of ids by which workers count their calls at once, while the oldest call is searched."""


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


class Cleared(NamedTuple):
    """The result of deleting calls."""

    calls: int
    """The number of deleted calls."""
    missing: tuple[str, ...]
    """The names of the workers or replicas that did not respond and may still have their calls."""


class Journal:
    """The last calls of this worker and of the others.

    What one worker requests of another takes it a fraction of a second and fits into a few MB, however many
    calls there are.
    """

    def __init__(self, size: int, peers: Peers | None = None) -> None:
        """*size* is the maximum number of calls of all workers together."""
        self._size = size
        self._peers = peers or NoPeers()
        self._ring = ring = Ring(size, self._peers.numbers())
        self.add, self.repeat = ring.add, ring.repeat
        self.log = CallLog()
        self._peers.handle("journal.ends", lambda: ring.ends)
        self._peers.handle("journal.numbers_from", ring.numbers_from)
        self._peers.handle("journal.search", self._searched)
        self._peers.handle("journal.calls", self._sent)
        self._peers.handle("journal.causes", lambda names: ring.causes(frozenset(names)))
        self._peers.handle("journal.clear", self._clear)
        self._peers.handle("journal.next_after", ring.next_after)
        self._peers.handle("journal.scopes", ring.scopes)

    def entries(self, pattern: Pattern | None = None, scope: str | None = None) -> list[Entry]:
        """The calls that match *pattern*, in one scope or in all, newest first."""
        return self.page(Selection(pattern, scope), self._size).entries

    def count(self, pattern: Pattern | None = None, scope: str | None = None) -> int:
        """How many calls match *pattern*, in one scope or in all."""
        return self.page(Selection(pattern, scope), 0).count

    def page(self, selection: Selection, limit: int, before: int | None = None) -> Page:
        """The newest *limit* selected calls that are older than the one with the id *before*."""
        oldest = self._oldest()
        own = self._ring.search(selection.condition(), limit, oldest=oldest, before=before)
        others, missing = self._search_others(selection, limit, before, oldest)
        every = [own, *others]
        ids = list(heapq.merge(*(found.ids for found in every), key=lambda one: -one))
        more = len(ids) > limit or any(found.more for found in every)
        entries, lost = self._entries(ids[:limit])
        count = sum(found.count for found in every)
        return Page(count, entries, more, tuple(sorted(missing | lost)))

    def newest(self) -> int:
        """The id of the last call; 0 if there is none."""
        return max((newest for _, newest in self._ends()), default=0)

    def next_after(self, number: int) -> int | None:
        """The id of the first call after the one with that id; `None` if there is none."""
        others: list[int | None] = self._peers.request("journal.next_after", number)
        own = self._ring.next_after(number)
        return min((one for one in [own, *others] if one is not None), default=None)

    def scopes(self) -> list[str]:
        """The scopes of the calls, sorted by their last calls, newest first."""
        found = dict.fromkeys(self._ring.scopes())
        found |= {scope: None for scopes in self._peers.request("journal.scopes") for scope in scopes}
        return list(found)

    def causes(self, names: Collection[str]) -> dict[str, int]:
        """For each delivery or recorded turn of *names*, the id of the call that caused it, if the journal
        still has the call.
        """
        found = self._ring.causes(frozenset(names))
        for others in self._peers.request("journal.causes", sorted(names)):
            found |= others
        return found

    def clear(self, scope: str | None = None) -> Cleared:
        """Delete the calls of one scope or of all."""
        oldest = self._oldest()
        if scope is None:
            self._peers.forget_lost()
        others = self._peers.request("journal.clear", scope, oldest)
        if scope is None and others.refused:
            self._peers.forget_lost(*others.refused)
        return Cleared(self._clear(scope, oldest) + sum(others), others.missing)

    def _clear(self, scope: str | None, oldest: int) -> int:
        if scope is None:
            self.log.forget()
        return self._ring.clear(scope, oldest)

    # The oldest call

    def _ends(self) -> list[tuple[int, int]]:
        """The ids of the oldest and the newest call of each worker that has calls."""
        every = [self._ring.ends, *self._peers.request("journal.ends")]
        return [(oldest, newest) for oldest, newest in filter(None, every)]

    def _oldest(self) -> int:
        """An id that is not greater than that of the oldest call of the journal, but greater than those of
        surplus calls: each worker stores as many as the whole journal may have.
        """
        ends = self._ends()
        if len(ends) < 2:
            return 0
        low, high = min(oldest for oldest, _ in ends), max(newest for _, newest in ends) + 1
        if self._numbers_from([low])[0] <= self._size:
            return 0
        while high - low > 1:
            step = max(1, (high - low) // _PIVOTS)
            pivots = range(low + step, high, step)
            numbers = self._numbers_from(pivots)
            fitting = next((place for place, one in enumerate(numbers) if one <= self._size), len(numbers))
            low, high = [low, *pivots, high][fitting : fitting + 2]
        return high

    def _numbers_from(self, ids: Sequence[int]) -> list[int]:
        """For each of *ids*, the number of calls with that id or a greater one, of all workers."""
        others = self._peers.request("journal.numbers_from", list(ids))
        return [sum(numbers) for numbers in zip(self._ring.numbers_from(ids), *others, strict=True)]

    # Searching

    def _search_others(
        self, selection: Selection, limit: int, before: int | None, oldest: int
    ) -> tuple[list[Found], set[str]]:
        """The results of the other workers, and the names of those that did not respond."""
        found: dict[str, Found] = {}
        missing: set[str] = set()
        resume: dict[str, int | None] = {}
        searching = True
        while searching:
            details = selection.packed(), limit, before, oldest, resume
            answers = self._peers.request("journal.search", *details)
            missing |= {*answers.missing}
            searching = False
            for name, packed in answers:
                if packed is None:
                    continue
                result = Found.unpacked(packed)
                found[name] = found[name].continued(result, limit) if name in found else result
                resume[name] = result.resume
                searching |= result.resume is not None
        return list(found.values()), missing

    def _searched(
        self,
        selection: Mapping[str, Any],
        limit: int,
        before: int | None,
        oldest: int,
        resume: Mapping[str, int | None],
    ) -> tuple[str, dict[str, Any] | None]:
        """Search for another worker, from where the last search ended; `None` after the end."""
        name = self._peers.name
        if name in resume and resume[name] is None:
            return name, None
        found = self._ring.search(
            Selection.unpacked(selection).condition(),
            limit,
            oldest=oldest,
            before=before,
            resume=resume.get(name),
            seconds=_SECONDS,
        )
        return name, found.packed()

    def _entries(self, ids: Sequence[int]) -> tuple[list[Entry], set[str]]:
        """The calls with these ids, and the names of the workers that did not respond."""
        found = {call.id: call.entry for call in self._ring.at(ids)}
        missing: set[str] = set()
        wanted = [one for one in ids if one not in found]
        while wanted:
            asked, wanted = wanted[:_MAX_ASKED], wanted[_MAX_ASKED:]
            answers = self._peers.request("journal.calls", asked)
            missing |= {*answers.missing}
            for packed, left in answers:
                found |= {entry.id: entry for entry in map(Entry.unpacked, packed)}
                wanted += left
        return [found[one] for one in ids if one in found], missing

    def _sent(self, ids: Sequence[int]) -> tuple[list[dict[str, Any]], list[int]]:
        """The own calls with these ids for another worker, and the ids of those that are left for its next
        request.
        """
        packed: list[dict[str, Any]] = []
        left: list[int] = []
        size = 0
        for call in self._ring.at(ids):
            if size > _MAX_SENT:
                left.append(call.id)
                continue
            entry = call.entry
            size += entry.size
            packed.append(entry.packed())
        return packed, left
