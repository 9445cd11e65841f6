"""The response cache: answers repeated reads, and new queries of known callers, without most of Flask."""

import re
import time
from collections.abc import Callable, Hashable, Iterable
from http import HTTPStatus
from typing import Any, NamedTuple, TypeVar
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask

from mockcbs.core.waiting import WouldWaitError, no_waiting
from mockcbs.state import State
from mockcbs.web import context, request_ids
from mockcbs.web.cache.bounded import Bounded, Seen
from mockcbs.web.cache.callers import Caller, listening
from mockcbs.web.cache.posts import Posts
from mockcbs.web.cache.templates import Hit, Holes, length_of
from mockcbs.web.context import KEY, Context
from mockcbs.web.proofs import Proof
from mockcbs.web.validity import CacheKey, Validity

_MAX_KEPT = 2_000
"""The maximum number of responses, and of callers; the oldest are dropped first."""
_MAX_BODY = 64 * 1024
"""The maximum size of one body, in bytes."""
_MAX_BYTES = 16 * 2**20
"""The maximum size of all bodies together, in bytes."""
_MAX_SEEN = 20_000
"""The maximum number of requests that are remembered as seen once."""

_PLAIN = re.compile(r"[\w%&=+.~:;,/@!$'()*-]*", re.ASCII)
"""Queries that every HTTP parser reads in the same way."""


Exact = TypeVar("Exact", bound=Hashable)
Split = Callable[[Exact], tuple[Hashable, str, Proof | None]]
"""Divides a request into query, proof (if it is signed) and everything else, which comes first."""

Respond = Callable[[str], dict[str, Any]]
"""Makes the content of the response to another query of a caller."""


class Miss(NamedTuple):
    """What the application needs to know about a request whose response is not in the cache."""

    key: CacheKey
    request_id: str | None = None
    """The id that the request got already."""


class ResponseCache:
    """A mock as a WSGI application that computes no response twice (law 7).

    A server calls `lookup` first. After a miss it calls the cache like any WSGI application, with the facts
    of the `Miss` in the `Context`. The cache calls the application. From the second request on it stores the
    response, if the view stated how long it stays valid (`mockcbs.web.cache.caching`).

    A hit appears in journal, log and metrics like every response.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._mock: State = app.extensions["mockcbs"]
        self._responses: Bounded[_Response] = Bounded(_MAX_KEPT, _MAX_BYTES)
        self._callers: Bounded[tuple[Caller, Respond]] = Bounded(_MAX_KEPT)
        self._seen = Seen(_MAX_SEEN)
        self._posts = Posts(app, _MAX_KEPT, _MAX_SEEN)

    def lookup(self, exact: Exact, split: Split[Exact]) -> Hit | Miss:
        """The stored response to the same request if it is still valid, or the response to another query of a
        known caller.

        *exact* identifies equal requests. In a thread that must not wait, a response that has to wait is a
        miss; so is one that a scenario may change.
        """
        began = time.perf_counter()
        try:
            if (response := self._responses.get(exact)) and (hit := self._repeated(response, began)):
                return hit
        except WouldWaitError:
            return Miss(CacheKey(exact, *split(exact)))
        key = CacheKey(exact, *split(exact))
        known = self._callers.get(key.any_query)
        return self._computed(*known, key, began) if known and _PLAIN.fullmatch(key.query) else Miss(key)

    def _repeated(self, response: "_Response", began: float) -> Hit | None:
        """The stored response as it is sent now; `None` if it may be another one now."""
        caller = response.caller
        clock = self._mock.clocks.of(caller.scope)
        now, total = clock.now(), self._mock.changes.total
        if response.checked == total:
            if not response.validity.covers(now):
                return None
        elif not caller.gets(response.validity, now):
            return None
        elif self._mock.scenarios.run(caller.scope) is None:
            response.checked = total
        counted = clock.frozen
        request_id = request_ids.new(self._mock, caller.scope, now) if counted else request_ids.drawn()
        hit = response.hit(now, request_id)
        caller.note(now, began, hit, response.query)
        return hit

    def _computed(self, caller: Caller, respond: Respond, key: CacheKey, began: float) -> Hit | Miss:
        """The response to another query of *caller*, without repeating the checks that the caller has passed.

        Errors, remarks and bugs are left to the application, and so is what may take long: it can run in a
        thread.
        """
        with context.resumed(caller.this, self._mock) as this:
            this.request_id, validity = None, this.validity
            validity.until = caller.validity.until
            try:
                now = context.now()
                if not caller.gets(caller.validity, now) or not caller.sent(key, now):
                    return Miss(key)
                request_id = context.request_id()  # first: where it has to wait, nothing is computed in vain
                with no_waiting:
                    content = respond(key.query)
            except Exception:  # noqa: BLE001 - an error of the vendor or a bug: the application renders either
                return Miss(key, this.request_id)
        if this.near_misses or not validity.holds(now, self._mock.changes):
            return Miss(key, request_id)
        filling = caller.holes.fill(now, request_id)
        body = self.app.json.dumps(content).encode()
        hit = Hit(caller.head, filling | length_of(body), body)
        caller.note(now, began, hit.for_journal(), key.query, key.proof)
        if key.proof is None and self._seen.again(key.exact):
            validity.fresh = caller.holes.in_response(filling) | validity.fresh
            self._keep(key.exact, _Response(caller, key.query, validity, body))
        return hit

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Call the application, or let a known caller do without it."""
        this: Context | None = environ.get(KEY)
        if this and self._mock.settings.cache:
            if this.head:
                return self._posts.answer(this, environ, start_response)
            if key := this.cache_key:
                return self._remembered(key, this, environ, start_response)
        return self.app(environ, start_response)

    def _remembered(
        self, key: CacheKey, this: Context, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Call the application, and store the response if the request was seen before."""
        again = key.proof is None and self._seen.again(key.exact)
        known = self._seen.again(key.any_query)
        if not (again or known):
            return self.app(environ, start_response)
        head, listen = listening(start_response)
        parts = self.app(environ, listen)
        validity, entry = this.validity, this.entry
        is_proved = this.proves is not None
        if (
            entry is None
            or this.fault
            or is_proved is (key.proof is None)
            or not validity.holds(this.now or 0, self._mock.changes)
        ):
            return parts
        body = b"".join(parts)
        if close := getattr(parts, "close", None):
            close()
        caller = Caller(self._mock, this, entry, head)
        if self._mock.changes.changed(validity.watched):  # since the caller was checked
            return [body]
        if this.other_query and entry.status == HTTPStatus.OK and not this.near_misses:
            self._callers.put(key.any_query, (caller, this.other_query))
        if again:
            validity.fresh = caller.fresh | validity.fresh
            self._keep(key.exact, _Response(caller, key.query, validity, body))
        return [body]

    def _keep(self, key: Hashable, response: "_Response") -> None:
        if response.size <= _MAX_BODY:
            self._responses.put(key, response, response.size)


class _Response:
    """A response to one query of a caller."""

    def __init__(self, caller: Caller, query: str, validity: Validity, body: bytes) -> None:
        """*validity* includes the caller's; the texts in it begin with those in the caller's head."""
        self.caller, self.query, self.validity, self.size = caller, query, validity, len(body)
        self._made: bytes | _Template = body
        self._length = length_of(body)
        self.checked = -1
        """The number of all changes when it was last found valid, while no scenario was played. Until
        another change, only the time can make it invalid.
        """

    def hit(self, now: int, request_id: str) -> Hit:
        """The response as it is sent *now* (ms UTC) to the request with that id."""
        made = self._made
        if isinstance(made, bytes):  # a template is made for the first hit, as most responses get none
            made = self._made = _template(made, Holes(self.validity.fresh))
        holes, body, varies = made
        filling, length = holes.fill(now, request_id), self._length
        if varies:
            body %= filling
            length = length_of(body)
        filling |= length
        return Hit(self.caller.head, filling, body)


class _Template(NamedTuple):
    """The body of a response with placeholders."""

    holes: Holes
    body: bytes
    varies: bool
    """Whether the body has placeholders; otherwise it is sent as it is."""


def _template(body: bytes, holes: Holes) -> _Template:
    varies = holes.are_in(body)
    return _Template(holes, holes.template(body) if varies else body, varies)
