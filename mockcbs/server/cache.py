"""The response cache: answers repeated reads, and new queries of known callers, without the application."""

import re
import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from http import HTTPStatus
from threading import Lock
from typing import Any, NamedTuple, TypeVar
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask
from werkzeug import Request

from mockcbs.core import queries
from mockcbs.core.numbers import compact
from mockcbs.core.patterns import Call
from mockcbs.core.waiting import WouldWaitError, no_waiting
from mockcbs.faults.scenario import Fault, Run
from mockcbs.hooks import faults
from mockcbs.journal.entry import Entry
from mockcbs.server.templates import Head, Hit, Holes, length_of
from mockcbs.services import registry
from mockcbs.state import RESETS, State
from mockcbs.web import request_ids
from mockcbs.web.context import KEY, Context, Drawn
from mockcbs.web.validity import CacheKey, Validity

_MAX_KEPT = 2_000
"""The maximum number of responses, and of callers; the oldest are dropped first."""
_MAX_BODY = 64 * 1024
"""The maximum size of one body, in bytes."""
_MAX_BYTES = 16 * 2**20
"""The maximum size of all bodies together, in bytes."""
_MAX_SEEN = 20_000
"""The maximum number of requests that are remembered as seen once; then all of them are forgotten."""

_PLAIN = re.compile(r"[\w%&=+.~:;,/@!$'()*-]*", re.ASCII)
"""Queries that every HTTP parser reads in the same way."""


Exact = TypeVar("Exact", bound=Hashable)


class Miss(NamedTuple):
    """The facts about a request that the application needs if the response is not in the cache."""

    key: CacheKey
    drawn: Drawn | None = None
    """The fault that a scenario has already chosen; the scenario must not count the request twice."""


class ResponseCache:
    """A mock as a WSGI application that computes no response twice (law 7).

    A server calls `lookup` first. After a miss it calls the cache like any WSGI application, with the key and
    the fault of the `Miss` in the `Context`. The cache calls the application. From the second request on it
    stores the response, if the view stated how long it stays valid (`mockcbs.web.caching`).

    A hit appears in journal, log and metrics like every response, and scenarios are applied before it.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._mock: State = app.extensions["mockcbs"]
        self._responses: dict[Hashable, _Response] = {}
        self._callers: dict[Hashable, _Caller] = {}
        self._bytes = 0
        self._seen: set[int] = set()
        self._lock = Lock()

    def lookup(self, exact: Exact, split: Callable[[Exact], tuple[Hashable, str]]) -> Hit | Miss:
        """The stored response to the same request if it is still valid, or the response to another query of a
        known caller.

        *exact* identifies equal requests; *split* divides it into everything but the query, and the query. In
        a thread that must not wait, a response that has to wait is a miss.
        """
        try:
            return self._lookup(exact, split, time.perf_counter())
        except WouldWaitError:
            return Miss(CacheKey(exact, *split(exact)))

    def _lookup(
        self, exact: Exact, split: Callable[[Exact], tuple[Hashable, str]], began: float
    ) -> Hit | Miss:
        response = self._responses.get(exact)
        if response:
            caller = response.caller
            now = self._mock.clocks.of(caller.scope).now()
            if response.validity.holds(now, self._mock.changes):
                drawn = caller.draw(response.query, now)
                if drawn and drawn[1]:
                    return Miss(CacheKey(exact, *split(exact)), drawn)
                try:
                    hit = response.hit(now)
                except WouldWaitError:
                    return Miss(CacheKey(exact, *split(exact)), drawn)
                caller.note(now, began, hit, response.query)
                return hit
            with self._lock:
                self._drop(exact)
        key = CacheKey(exact, *split(exact))
        known = self._callers.get(key.any_query)
        return self._compute(known, key, began) if known and _PLAIN.fullmatch(key.query) else Miss(key)

    def _compute(self, caller: "_Caller", key: CacheKey, began: float) -> Hit | Miss:
        """The response to another query of *caller*, without repeating checks that the caller has passed."""
        now = self._mock.clocks.of(caller.scope).now()
        reading = caller.reading if caller.validity.holds(now, self._mock.changes) else None
        query = reading.parse(key.query) if reading else None
        if reading is None or query is None:
            return Miss(key)
        drawn = caller.draw(key.query, now)
        if drawn and drawn[1]:
            return Miss(key, drawn)
        try:
            with no_waiting():  # slow responses are left to the application, which can run in a thread
                content, validity = reading.answer(query, now)
            filling = caller.holes.fill(now, caller.new_id(now))
        except Exception:  # noqa: BLE001 - the vendor's error or a bug: the application renders either
            return Miss(key, drawn)
        body = compact(content).encode()
        hit = Hit(caller.head, filling | length_of(body), body)
        caller.note(now, began, hit.for_journal(), key.query)
        if self._is_seen(key.exact):
            callers = replace(caller.validity, fresh=caller.holes.in_response(filling))
            self._keep(key.exact, _Response(caller, key.query, callers & validity, body))
        return hit

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Call the application, and store the response if the request was seen before."""
        this: Context | None = environ.get(KEY)
        key = this.cache_key if this else None
        if this is None or key is None or this.drawn or not self._mock.settings.cache:
            return self.app(environ, start_response)
        again, known = self._is_seen(key.exact), self._is_seen(key.any_query)
        if not (again or known):
            return self.app(environ, start_response)
        return self._respond_and_keep(key, environ, start_response, again=again)

    def _respond_and_keep(
        self, key: CacheKey, environ: WSGIEnvironment, start_response: StartResponse, *, again: bool
    ) -> Iterable[bytes]:
        """Store the caller, and also the response if the request came *again*."""
        this: Context = environ[KEY]
        head: list[Any] = []

        def listen(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            head[:] = status, headers
            return start_response(status, headers, exc_info)

        parts = self.app(environ, listen)
        if this.entry is None or this.validity is None or not this.cacheable or this.fault:
            return parts
        if not (again or this.reading):
            return parts
        body = b"".join(parts)
        if close := getattr(parts, "close", None):
            close()
        caller = _Caller(self._mock, environ, this.entry, *head)
        if self._mock.changes.changed(this.validity.watched):  # since the caller was checked
            return [body]
        self._keep_caller(key.any_query, caller)
        if again:
            validity = caller.validity & this.validity
            self._keep(key.exact, _Response(caller, this.entry.raw_query, validity, body))
        return [body]

    def _is_seen(self, key: Hashable) -> bool:
        """Whether the request was seen before. A response to a request that never comes again is not
        stored.
        """
        digest = hash(key)
        if digest in self._seen:
            return True
        if len(self._seen) >= _MAX_SEEN:
            self._seen.clear()
        self._seen.add(digest)
        return False

    def _keep_caller(self, key: Hashable, caller: "_Caller") -> None:
        first = caller.first
        if caller.reading is None or first.status != HTTPStatus.OK or first.near_misses:
            return
        with self._lock:
            self._callers[key] = caller
            if len(self._callers) > _MAX_KEPT:
                del self._callers[next(iter(self._callers))]

    def _keep(self, key: Hashable, response: "_Response") -> None:
        if response.size > _MAX_BODY:
            return
        with self._lock:
            self._drop(key)
            self._responses[key] = response
            self._bytes += response.size
            while len(self._responses) > _MAX_KEPT or self._bytes > _MAX_BYTES:
                self._drop(next(iter(self._responses)))

    def _drop(self, key: Hashable) -> None:
        if dropped := self._responses.pop(key, None):
            self._bytes -= dropped.size


class _Caller:
    """A request without its query, to which the application has responded: the caller and what it may
    read.
    """

    def __init__(
        self,
        mock: State,
        environ: WSGIEnvironment,
        first: Entry,
        status: str,
        headers: Iterable[tuple[str, str]],
    ) -> None:
        """*first* is the journal entry of the request."""
        this: Context = environ[KEY]
        self.mock, self.first, self.scope, self.reading = mock, first, this.scope, this.reading
        watched = mock.changes.watch(RESETS)
        self.validity = Validity(this.now or 0, watched, this.expires, this.fresh)
        self.holes = Holes(this.fresh)
        self.head = Head(status, headers, self.holes)
        self._codes: Mapping[str, Any] = registry.named(first.service).codes
        self._count = mock.tally.count_of((first.service or "none", first.operation or "none"), first.status)
        environ["wsgi.input"].seek(0)  # the application has read it
        self._call = faults.call(Request(environ, populate_request=False), this, first.operation)

    def new_id(self, now: int) -> str:
        """The id of another request of this caller."""
        return request_ids.new(self.mock, self.scope, now)

    def draw(self, query: str, now: int) -> tuple[Run, Fault | None] | None:
        """The fault that the scenario chooses for that *query*; `None` if no scenario is running."""
        run = self.mock.scenarios.run(self.scope)
        return (run, run.fault(self._call_with(query), now, self._codes)) if run else None

    def note(self, at: int, began: float, hit: Hit, query: str) -> None:
        """Add a hit to journal, metrics and log. It was sent *at* (ms UTC); the lookup began at *began*."""
        seconds = time.perf_counter() - began
        self.mock.journal.repeat(self.first, at, seconds * 1000, hit.answer, query)
        self._count.add(seconds)
        self.mock.journal.log.note_repeat(self.first, query, seconds * 1000)

    def _call_with(self, query: str) -> Call:
        if query == self.first.raw_query:
            return self._call
        return replace(self._call, query=queries.used(queries.pairs(query), self.first.used_value))


class _Response:
    """A response to one query of a caller."""

    def __init__(self, caller: _Caller, query: str, validity: Validity, body: bytes) -> None:
        """*validity* includes the caller's, and the texts in this *body* that differ in every response."""
        self.caller, self.query, self.validity, self.size = caller, query, validity, len(body)
        self._holes = Holes(validity.fresh)
        self._varies = self._holes.are_in(body)
        self._body = self._holes.template(body) if self._varies else body
        self._length = length_of(body)

    def hit(self, now: int) -> Hit:
        """The response as it is sent *now* (ms UTC)."""
        filling, body, length = self._holes.fill(now, self.caller.new_id(now)), self._body, self._length
        if self._varies:
            body %= filling
            length = length_of(body)
        filling |= length
        return Hit(self.caller.head, filling, body)
