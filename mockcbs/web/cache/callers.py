"""Callers whose requests the application has checked; the cache answers further ones."""

import time
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any
from wsgiref.types import StartResponse

from mockcbs.journal.entry import Entry
from mockcbs.state import RESETS, State
from mockcbs.web.cache.templates import Head, Hit, Holes
from mockcbs.web.context import Context
from mockcbs.web.proofs import Proof
from mockcbs.web.validity import CacheKey, Validity

_NO_HEADERS: Proof = MappingProxyType({})


def listening(start_response: StartResponse) -> tuple[list[Any], StartResponse]:
    """A list that will have status and headers of a response, and a function that puts them there and passes
    them on.
    """
    head: list[Any] = []

    def listen(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        head[:] = status, headers
        return start_response(status, headers, exc_info)

    return head, listen


class Caller:
    """A request without its query, to which the application has responded."""

    def __init__(self, mock: State, this: Context, first: Entry, head: Sequence[Any]) -> None:
        """*first* is the journal entry of the request, *head* has status and headers of the response."""
        self._mock, self.this, self._first, self.scope = mock, this, first, this.scope
        self.validity = Validity(this.now or 0, mock.changes.watch(RESETS), this.validity.until)
        fresh = this.validity.fresh.items()
        self.fresh = {text: maker for text, maker in fresh if text not in this.fresh_of_view}
        self.holes = Holes(self.fresh)
        status, headers = head
        self.head = Head(status, headers, self.holes)
        self._count = mock.tally.count_of((first.service or "none", first.operation or "none"), first.status)

    def gets(self, validity: Validity, now: int) -> bool:
        """Whether a response with that *validity* can be sent *now* (ms UTC): no scenario may change it."""
        if not validity.holds(now, self._mock.changes):
            return False
        run = self._mock.scenarios.run(self.scope)
        return run is None or not run.may_concern(self._first)

    def sent(self, key: CacheKey, now: int) -> bool:
        """Whether this caller sent the request with that key, given the time (ms UTC)."""
        proves, proof = self.this.proves, key.proof
        if proves is None or proof is None:
            return proves is None and proof is None
        return proves(key.query, proof, now)

    def note(self, at: int, began: float, hit: Hit, query: str, proof: Proof | None = None) -> None:
        """Add a hit to journal, metrics and log. It was sent *at* (ms UTC); the lookup began at *began*."""
        seconds = time.perf_counter() - began
        self._mock.journal.repeat(
            self._first, at, seconds * 1000, hit.answer, query=query, headers=proof or _NO_HEADERS
        )
        self._count.add(seconds)
        self._mock.journal.log.note_repeat(self._first, query, seconds * 1000)
