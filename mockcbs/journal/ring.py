"""The last calls of one worker."""

import math
import threading
import time
from bisect import bisect_left
from collections import OrderedDict, deque
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from operator import attrgetter
from typing import Any

from mockcbs.core.clock import real_now
from mockcbs.journal.entry import Answer, Entry, Repeat
from mockcbs.journal.selection import Call, Condition

_MAX_CLEARED = 1_000
"""The number of scopes of which a ring knows when they were cleared."""
_by_id = attrgetter("id")


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

    Threads read and clear it while the event loop adds calls. The lock is therefore held only for copies
    that take a millisecond or two even for a million calls; nothing is compared or deleted meanwhile.
    """

    def __init__(self, size: int, numbers: Iterator[int]) -> None:
        """*numbers* are the ids of calls, ascending."""
        self._size, self._numbers = size, numbers
        self._calls: deque[Call] = deque(maxlen=size)
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
                self._calls.append(entry)
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
            self._calls.append(Repeat(first, number, at, duration_ms, answer, query, real_now(), headers))

    def all(self) -> list[Call]:
        """All calls, oldest first."""
        with self._lock:
            return list(self._calls)

    @property
    def ends(self) -> tuple[int, int] | None:
        """The ids of the oldest and the newest call; `None` if there is none."""
        with self._lock:
            return (self._calls[0].id, self._calls[-1].id) if self._calls else None

    def numbers_from(self, ids: Sequence[int]) -> list[int]:
        """For each of *ids*, the number of calls with that id or a greater one."""
        calls = self.all()
        return [len(calls) - bisect_left(calls, one, key=_by_id) for one in ids]

    def next_after(self, number: int) -> int | None:
        """The id of the first call after the one with that id; `None` if there is none."""
        calls = self.all()
        place = bisect_left(calls, number + 1, key=_by_id)
        return calls[place].id if place < len(calls) else None

    def scopes(self) -> list[str]:
        """The scopes of the calls, sorted by their last calls, newest first."""
        return list(dict.fromkeys(call.scope for call in reversed(self.all()) if call.scope))

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
        calls, deadline = self.all(), time.monotonic() + seconds
        if resume is not None:
            del calls[bisect_left(calls, resume, key=_by_id) :]
        ids: list[int] = []
        count, more = 0, False
        while calls and calls[-1].id >= oldest:
            call = calls.pop()  # freed one by one if the ring was cleared meanwhile
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
        calls = self.all()
        for one in ids:
            place = bisect_left(calls, one, key=_by_id)
            if place < len(calls) and calls[place].id == one:
                yield calls[place]

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
                calls = list(self._calls)
            counted = [call for call in calls if call.id >= oldest]
            kept = [call for call in counted if scope not in {None, call.scope}]
            with self._lock:
                dropped = self._calls
                newer: deque[Call] = deque()
                while dropped and (not calls or dropped[-1].id > calls[-1].id):
                    newer.appendleft(dropped.pop())
                self._calls = deque([*kept, *newer], self._size)
        number = len(counted) - len(kept)
        _release(calls, counted, kept, dropped)
        return number


def _release(*containers: list[Call] | deque[Call]) -> None:
    """Empty *containers* call by call: freeing many at once would stop all threads."""
    for container in containers:
        while container:
            container.pop()
