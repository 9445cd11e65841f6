"""The last calls of one worker."""

import math
import threading
import time
from bisect import bisect_left
from collections import OrderedDict, deque
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate, chain, islice
from operator import attrgetter
from typing import Any

from mockcbs.core.clock import real_now
from mockcbs.core.waiting import give_way
from mockcbs.journal.entry import Answer, Entry, Repeat
from mockcbs.journal.selection import Call, Condition

_MAX_CLEARED = 1_000
"""The number of scopes of which a ring knows when they were cleared."""
_PART = 256
"""The maximum number of calls that are held together."""
_by_id = attrgetter("id")


def _last_id(part: Sequence[Call]) -> int:
    return part[-1].id


@dataclass(frozen=True, slots=True)
class Found:
    """The selected calls that a search found."""

    count: int
    """The number of selected calls."""
    ids: list[int]
    """The ids of those that were asked for, newest first."""
    more: bool
    """Whether there are older ones than the last of `ids`."""
    resume: int | None
    """The search goes on with the calls before this id; `None` if it has looked at all."""

    def packed(self) -> dict[str, Any]:
        """The same as JSON values, for another worker."""
        return asdict(self)

    @classmethod
    def unpacked(cls, packed: Mapping[str, Any]) -> "Found":
        """What was `packed`."""
        return cls(**packed)

    def continued(self, rest: "Found", limit: int) -> "Found":
        """The results of this search and of the one that continued it, as one."""
        ids = self.ids + rest.ids
        more = self.more or rest.more or len(ids) > limit
        return Found(self.count + rest.count, ids[:limit], more, rest.resume)


class Ring:
    """A bounded number of calls, the oldest of which are dropped first.

    Threads read and clear it while the event loop adds calls. The calls are held in parts that do not change
    once they are full, so that reading copies none: a copy of a million calls would stop all threads.
    """

    def __init__(self, size: int, numbers: Iterator[int]) -> None:
        """*numbers* are the ids of calls, ascending."""
        self._size, self._numbers = size, numbers
        self._length = min(_PART, size // 8 + 1)
        """The number of calls in a full part."""
        self._full: deque[list[Call]] = deque()
        self._last: list[Call] = []
        """The newest calls, which are not enough for a part."""
        self._count = 0
        """The number of calls in full parts; up to a part more than the ring may show."""
        self._lock, self._clearing = threading.Lock(), threading.Lock()
        self._cleared: OrderedDict[str | None, float] = OrderedDict()
        """When each scope, or all of them (`None`), was cleared."""

    def add(self, *, began: float = math.inf, **facts: Any) -> Entry:
        """Store one call, unless the ring or its scope was cleared after the call *began*.

        *began* is a time of `time.perf_counter`.
        """
        with self._lock:
            entry = Entry(**facts, real_at=real_now(), id=next(self._numbers))
            if all(began > self._cleared.get(scope, -math.inf) for scope in (None, entry.scope)):
                self._last.append(entry)
                if len(self._last) >= self._length:
                    self._close_part()
            return entry

    def repeat(
        self,
        first: Entry,
        at: int,
        duration_ms: float,
        answer: Callable[[], Answer],
        *,
        query: str,
        headers: Mapping[str, str],
    ) -> None:
        """Store a call like *first* with a response *at* (ms UTC); its response is rendered only when it
        is read. *headers* are those that differ, by lower-case names.
        """
        with self._lock:
            number = next(self._numbers)
            last = self._last
            last.append(Repeat(first, number, at, duration_ms, answer, query, real_now(), headers))
            if len(last) >= self._length:
                self._close_part()

    def _close_part(self) -> None:
        if self._last:
            self._full.append(self._last)
            self._count += len(self._last)
            self._last = []
        while self._full and self._count - len(self._full[0]) >= self._size:
            self._count -= len(self._full.popleft())

    def _parts(self) -> list[list[Call]]:
        """All calls in parts, oldest first; none of them is empty or changes."""
        with self._lock:
            parts = [*self._full, self._last[:]]
            surplus = self._count + len(self._last) - self._size
        return _without(surplus, parts)

    def all(self) -> Iterator[Call]:
        """All calls, oldest first."""
        return chain.from_iterable(self._parts())

    def _backwards(self, before: int | None) -> Iterator[Call]:
        """The calls before the one with the id *before*, newest first; it gives way between parts."""
        parts = self._parts()
        while parts:
            part = parts.pop()  # freed one by one if the ring was cleared meanwhile
            yield from reversed(part if before is None else part[: bisect_left(part, before, key=_by_id)])
            if parts:
                give_way()

    @property
    def ends(self) -> tuple[int, int] | None:
        """The ids of the oldest and the newest call; `None` if there is none."""
        parts = self._parts()
        return (parts[0][0].id, parts[-1][-1].id) if parts else None

    def numbers_from(self, ids: Sequence[int]) -> list[int]:
        """For each of *ids*, the number of calls with that id or a greater one."""
        parts = self._parts()
        numbers = [0, *accumulate(map(len, reversed(parts)))]

        def number_from(one: int) -> int:
            place = bisect_left(parts, one, key=_last_id)
            within = bisect_left(parts[place], one, key=_by_id) if place < len(parts) else 0
            return numbers[len(parts) - place] - within

        return [number_from(one) for one in ids]

    def next_after(self, number: int) -> int | None:
        """The id of the first call after the one with that id; `None` if there is none."""
        found = _first(self._parts(), number + 1)
        return found.id if found else None

    def scopes(self) -> list[str]:
        """The scopes of the calls, sorted by their last calls, newest first."""
        return list(dict.fromkeys(call.scope for call in self._backwards(None) if call.scope))

    def search(
        self,
        condition: Condition,
        limit: int,
        *,
        oldest: int,
        before: int | None = None,
        resume: int | None = None,
        seconds: float = math.inf,
    ) -> Found:
        """Count the calls that meet *condition*, from the newest to the one with the id *oldest*.

        The first *limit* of them that are older than the call *before* are named. The search begins with the
        call before *resume*, and ends early after some *seconds*, but looks at one call at least.
        """
        deadline = time.monotonic() + seconds
        ids: list[int] = []
        count, more = 0, False
        for call in self._backwards(resume):
            if call.id < oldest:
                break
            if condition(call):
                count += 1
                if before is None or call.id < before:
                    more = len(ids) >= limit
                    if not more:
                        ids.append(call.id)
            if time.monotonic() > deadline:
                return Found(count, ids, more, call.id)
        return Found(count, ids, more, None)

    def causes(self, names: Container[str]) -> dict[str, int]:
        """For each delivery or recorded turn of *names*, the id of the first call that caused it."""
        found: dict[str, int] = {}
        for call in self.all():
            if isinstance(call, Entry) and (call.deliveries or call.records):
                for name in (*call.deliveries, *call.records):
                    if name in names:
                        found.setdefault(name, call.id)
        return found

    def at(self, ids: Sequence[int]) -> Iterator[Call]:
        """The calls with these ids, without those that were dropped meanwhile."""
        parts = self._parts()
        for one in ids:
            found = _first(parts, one)
            if found and found.id == one:
                yield found

    def clear(self, scope: str | None, oldest: int) -> int:
        """Delete the calls of *scope*, and all that are older than the call with the id *oldest*.

        Returns the number of deleted calls that are not older.
        """
        with self._clearing:
            with self._lock:
                self._cleared[scope] = time.perf_counter()
                self._cleared.move_to_end(scope)
                if len(self._cleared) > _MAX_CLEARED:
                    self._cleared.popitem(last=False)
                self._close_part()
                held, surplus = list(self._full), self._count - self._size
            known, parts = set(map(id, held)), _without(surplus, held)
            counted = sum(len(part) - bisect_left(part, oldest, key=_by_id) for part in parts)
            calls = (call for part in parts for call in part if call.id >= oldest)
            kept = _in_parts((call for call in calls if scope not in {None, call.scope}), self._length)
            number = counted - sum(map(len, kept))
            with self._lock:
                self._full = deque([*kept, *(part for part in self._full if id(part) not in known)])
                self._count = sum(map(len, self._full))
                self._close_part()
        while parts or held:  # one by one: freeing many calls at once would stop all threads
            del parts[-1:], held[-1:]
        return number


def _without(surplus: int, parts: Sequence[list[Call]]) -> list[list[Call]]:
    """*parts* without their first *surplus* calls, and without empty parts."""
    found, surplus = [], max(surplus, 0)
    for part in parts:
        if len(part) > surplus:
            found.append(part[surplus:] if surplus else part)
        surplus = max(surplus - len(part), 0)
    return found


def _first(parts: Sequence[Sequence[Call]], number: int) -> Call | None:
    """The first call with that id or a greater one."""
    place = bisect_left(parts, number, key=_last_id)
    return parts[place][bisect_left(parts[place], number, key=_by_id)] if place < len(parts) else None


def _in_parts(calls: Iterator[Call], length: int) -> list[list[Call]]:
    """*calls* in parts of that *length*; the last may be shorter."""
    parts: list[list[Call]] = []
    while part := list(islice(calls, length)):
        parts.append(part)
    return parts
