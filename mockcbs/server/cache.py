"""The response cache: repeated reads, and other queries of known callers, without the application."""

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
"""Responses, and callers; beyond that the oldest is dropped."""
_MAX_BODY = 64 * 1024
"""Bytes of one body."""
_MAX_BYTES = 16 * 2**20
"""Bytes of all bodies together."""
_MAX_SEEN = 20_000
"""Requests seen once; beyond that all of them are forgotten."""

_PLAIN = re.compile(r"[\w%&=+.~:;,/@!$'()*-]*", re.ASCII)
"""Queries that every HTTP parser takes as they are."""


Exact = TypeVar("Exact", bound=Hashable)


class Miss(NamedTuple):
    """What the application must know of a request that the cache could not serve."""

    key: CacheKey
    drawn: Drawn | None = None
    """What a scenario has chosen for it already: it must not count the request twice."""


class ResponseCache:
    """A mock as a WSGI application that computes no response twice (law 7).

    A server calls `lookup` first. After a miss it calls the cache as it would any WSGI application, with key
    and draw of the `Miss` in the `Context`. The cache lets the application respond, and from the second time
    on keeps the response, if the view stated how long it stays true (`mockcbs.web.caching`).

    A hit is in the journal, the log and the metrics like every response, and scenarios are asked before it.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._mock: State = app.extensions["mockcbs"]
        self._responses: dict[Hashable, _Response] = {}
        self._callers: dict[Hashable, _Caller] = {}
        self._bytes = 0
        self._seen: set[int] = set()
        self._lock = Lock()

    def lookup(self, exact: Exact, split: Callable[[Exact], tuple[Hashable, str]]) -> Hit | Miss:
        """The response to the same request if it is still true; else to another query of a known caller.

        *exact* is equal for two requests that are the same to the last byte; *split* parts it into all the
        rest and the query. In a thread that must not wait, a response that has to is a miss.
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
        """The response to another query of *caller*, without the checks they have passed before."""
        now = self._mock.clocks.of(caller.scope).now()
        reading = caller.reading if caller.validity.holds(now, self._mock.changes) else None
        query = reading.parse(key.query) if reading else None
        if reading is None or query is None:
            return Miss(key)
        drawn = caller.draw(key.query, now)
        if drawn and drawn[1]:
            return Miss(key, drawn)
        try:
            with no_waiting():  # what is slow is left to the application, which can go to a thread
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

    @property
    def slows_uploads(self) -> bool:
        """Whether a scenario is to be asked before the body of a request is read."""
        return self._mock.scenarios.slows_uploads

    def draw_upload(self, environ: WSGIEnvironment) -> Drawn | None:
        """What a scenario chooses for a request whose body has not come; `None` if it is asked later."""
        return faults.draw_upload(self._app, environ)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Let the application respond, and keep the response if the request comes again."""
        this: Context | None = environ.get(KEY)
        key = this.cache_key if this else None
        if this is None or key is None or this.drawn or not self._mock.settings.cache:
            return self._app(environ, start_response)
        again, known = self._is_seen(key.exact), self._is_seen(key.any_query)
        if not (again or known):
            return self._app(environ, start_response)
        return self._respond_and_keep(key, environ, start_response, again=again)

    def _respond_and_keep(
        self, key: CacheKey, environ: WSGIEnvironment, start_response: StartResponse, *, again: bool
    ) -> Iterable[bytes]:
        """Keep the caller; and the response too, if the request came *again*."""
        this: Context = environ[KEY]
        head: list[Any] = []

        def listen(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            head[:] = status, headers
            return start_response(status, headers, exc_info)

        parts = self._app(environ, listen)
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
        """Whether such a request came before: one that never comes again is not worth keeping."""
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
    """A request but for its query, after the application has responded to it: who may read what."""

    def __init__(
        self,
        mock: State,
        environ: WSGIEnvironment,
        first: Entry,
        status: str,
        headers: Iterable[tuple[str, str]],
    ) -> None:
        """*first* is the journal's entry of the request."""
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
        """The id of another request of theirs."""
        return request_ids.new(self.mock, self.scope, now)

    def draw(self, query: str, now: int) -> tuple[Run, Fault | None] | None:
        """Let the scenario choose a fault for that *query*; `None` if none is played."""
        run = self.mock.scenarios.run(self.scope)
        return (run, run.fault(self._call_with(query), now, self._codes)) if run else None

    def note(self, at: int, began: float, hit: Hit, query: str) -> None:
        """Enter a hit in journal, metrics and log: sent *at* (ms UTC), looked up since *began*."""
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
        """*validity* includes the caller's, with the texts that stand in this *body*."""
        self.caller, self.query, self.validity, self.size = caller, query, validity, len(body)
        self._holes = Holes(validity.fresh)
        self._varies = self._holes.are_in(body)
        self._body = self._holes.template(body) if self._varies else body
        self._length = length_of(body)

    def hit(self, now: int) -> Hit:
        """The response, to be sent *now* (ms UTC)."""
        filling, body, length = self._holes.fill(now, self.caller.new_id(now)), self._body, self._length
        if self._varies:
            body %= filling
            length = length_of(body)
        filling |= length
        return Hit(self.caller.head, filling, body)
