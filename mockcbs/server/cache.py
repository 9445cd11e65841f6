"""The memo: repeated reads, answered without asking the application again."""

import logging
import re
import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from threading import Lock, get_ident
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask
from werkzeug import Request
from werkzeug.datastructures import MultiDict

from mockcbs.core.changes import Changes
from mockcbs.core.numbers import compact
from mockcbs.core.patterns import Call
from mockcbs.faults.scenario import Fault, Run
from mockcbs.hooks import faults
from mockcbs.journal.journal import LONGEST_BODY, Answer, Entry
from mockcbs.services import registry
from mockcbs.state import State
from mockcbs.web.context import KEY, Context, new_request_id
from mockcbs.web.validity import CacheKey, Fresh, Reading, Validity

log = logging.getLogger("mockcbs")

_MOST = 2_000
"""Answers remembered, and callers; beyond that the oldest is forgotten."""
_LONGEST = 64 * 1024
"""Bytes of the largest body remembered."""
_MOST_BYTES = 16 * 2**20
"""Bytes of all bodies together."""
_MOST_SEEN = 20_000
"""Requests seen once; beyond that all of them are forgotten."""

_LENGTH = b"%(length)b"
"""The hole for the length of a body."""

_PLAIN = re.compile(r"[\w%&=+.~:;,/@!$'()*-]*", re.ASCII)
"""Queries that every HTTP parser takes as they are."""


class Memo:
    """A mock as a WSGI application that does no work twice (law 7).

    Whoever serves it asks `recall` first, which gives an answer again while it stays true, then `reread`,
    which answers another query of a caller who was let in before: what it means is checked and computed, but
    not again who asks it of whom. If both know nothing, the memo is called as any application, with what is
    `Asked` in the environment, and remembers, if it is the second time, what the views said of the answer
    (`mockcbs.state.repeatable`, `mockcbs.state.read`). What it answers is in the journal, the log and the
    figures as everything else; scenarios are asked before it.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._mock: State = app.extensions["mockcbs"]
        self._memories: dict[Hashable, _Memory] = {}
        self._callers: dict[Hashable, _Caller] = {}
        self._bytes = 0
        self._seen: set[int] = set()
        self._drawn: dict[tuple[int, Hashable], tuple[Run, Fault | None]] = {}
        """What scenarios have chosen for calls that go on to the application, by thread and request."""
        self._lock = Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Let the application answer, and remember what it says if that is worth while."""
        this: Context | None = environ.get(KEY)
        asked = this.cache_key if this else None
        if this is None or asked is None or not self._mock.settings.cache:
            return self._app(environ, start_response)
        if drawn := self._drawn.pop((get_ident(), asked.whole), None):
            this.drawn = drawn
            return self._app(environ, start_response)
        again = self._is_seen(asked.whole)
        if self._is_seen(asked.place) or again:
            return self._remembering(asked, this, environ, start_response, again=again)
        return self._app(environ, start_response)

    def recall(self, whole: Hashable) -> "Recalled | None":
        """The answer to this very request, if it is known and still true."""
        memory = self._memories.get(whole)
        if memory is None:
            return None
        began = time.perf_counter()
        mock, scope = self._mock, memory.scope
        now = mock.clocks.of(scope).now()
        if not memory.holds(now, mock.changes):
            self._forget(whole)
            return None
        run = mock.stage.run(scope)
        if run and (fault := run.fault(memory.call, now, memory.codes)):
            self._drawn[get_ident(), whole] = run, fault
            return None
        recalled = memory.recalled(now)
        memory.repeats.note(now, time.perf_counter() - began, recalled.answer, memory.query)
        return recalled

    def reread(self, asked: CacheKey) -> "Recalled | None":
        """The answer to another query of a caller that is known, if there is nothing else to say of it."""
        caller = self._callers.get(asked.place)
        turn = get_ident(), asked.whole
        if caller is None or turn in self._drawn or not _PLAIN.fullmatch(asked.query):
            return None
        began = time.perf_counter()
        mock, scope = self._mock, caller.scope
        now = mock.clocks.of(scope).now()
        query = caller.reading.parse(asked.query) if caller.holds(now) else None
        if query is None:
            return None
        if run := mock.stage.run(scope):
            fault = run.fault(caller.call(asked.query), now, caller.codes)
            self._drawn[turn] = run, fault
            if fault:
                return None
        try:
            content, validity = caller.reading.answer(query, now)
        except Exception:  # noqa: BLE001 - an error of the vendor's or a bug: the application tells either
            return None
        self._drawn.pop(turn, None)
        recalled = caller.recalled(now, compact(content).encode())
        caller.repeats.note(now, time.perf_counter() - began, recalled.brief().answer, asked.query)
        if self._is_seen(asked.whole):
            self._remember(asked.whole, caller.memory(asked.query, validity, recalled))
        return recalled

    def _is_seen(self, key: Hashable) -> bool:
        """Whether such a request came before; what never comes again is not worth remembering."""
        digest = hash(key)
        if digest in self._seen:
            return True
        if len(self._seen) >= _MOST_SEEN:
            self._seen.clear()
        self._seen.add(digest)
        return False

    def _remembering(
        self,
        asked: CacheKey,
        this: Context,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        *,
        again: bool,
    ) -> Iterable[bytes]:
        head: list[Any] = []

        def listen(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            head[:] = status, headers
            return start_response(status, headers, exc_info)

        parts = self._app(environ, listen)
        repeatable = _repeatable(self._mock, this, environ)
        if repeatable is None:
            return parts
        body = b"".join(parts)
        if close := getattr(parts, "close", None):
            close()
        status, headers = head
        first = repeatable.repeats.first
        if repeatable.reading and first.status == HTTPStatus.OK and not first.near_misses:
            self._get_to_know(asked.place, _Caller(repeatable, repeatable.reading, status, headers))
        if again:
            self._remember(asked.whole, _Memory(repeatable, status, headers, body))
        return [body]

    def _get_to_know(self, place: Hashable, caller: "_Caller") -> None:
        with self._lock:
            self._callers[place] = caller
            if len(self._callers) > _MOST:
                del self._callers[next(iter(self._callers))]

    def _remember(self, key: Hashable, memory: "_Memory") -> None:
        if memory.size > _LONGEST:
            return
        with self._lock:
            self._drop(key)
            self._memories[key] = memory
            self._bytes += memory.size
            while len(self._memories) > _MOST or self._bytes > _MOST_BYTES:
                self._drop(next(iter(self._memories)))

    def _forget(self, key: Hashable) -> None:
        with self._lock:
            self._drop(key)

    def _drop(self, key: Hashable) -> None:
        if dropped := self._memories.pop(key, None):
            self._bytes -= dropped.size


class _Repeats:
    """Notes calls like a *first* one, that no scenario touched."""

    def __init__(self, mock: State, first: Entry) -> None:
        self.first = first
        self._mock, self._complaints = mock, first.complaints
        operation = first.service or "none", first.operation or "none"
        self._keep, self._count = mock.journal.repeat, mock.tally.count_of(operation, first.status).add

    def with_query(self, query: str) -> "_Repeats":
        """The same for the first call's like with another query."""
        return _Repeats(self._mock, self.first.with_query(query))

    def note(self, at: int, seconds: float, answer: Callable[[], Answer], query: str) -> None:
        """Enter one in the journal, log and count it; it was answered *at* that instant (ms UTC)."""
        self._keep(self.first, at, seconds * 1000, answer, query)
        self._count(seconds)
        for complaint in self._complaints:
            log.info(complaint)


@dataclass(frozen=True, slots=True)
class _Repeatable:
    """What is to be known of an answer to give it again."""

    repeats: _Repeats
    """Notes that it was given again."""
    call: Call
    """What scenarios ask about."""
    validity: Validity
    caller: Validity
    """How long it is good that this caller asks this, whatever the query."""
    reading: Reading | None
    """What answers other queries."""


def _repeatable(mock: State, this: Context, environ: WSGIEnvironment) -> _Repeatable | None:
    """What to know of a response, by the context after the call; `None` if it is not to be cached."""
    if this.entry is None or this.fault or this.validity is None or not this.cacheable or this.now is None:
        return None
    caller = Validity(this.now, (), this.expires, this.fresh)
    environ["wsgi.input"].seek(0)  # the application has read it
    call = faults.call(Request(environ, populate_request=False), this, this.entry.operation)
    return _Repeatable(_Repeats(mock, this.entry), call, caller & this.validity, caller, this.reading)


class _Holes:
    """What is new in every answer: templates of ``bytes %`` have holes there, named by number."""

    def __init__(self, fresh: Mapping[str, Fresh]) -> None:
        self.names = {b"%d" % place: text for place, text in enumerate(fresh)}
        self._makers = [(name, fresh[text]) for name, text in self.names.items()]

    def template(self, content: bytes) -> bytes:
        """*content* with holes."""
        content = content.replace(b"%", b"%%")
        for name, text in self.names.items():
            content = content.replace(text.encode(), b"%%(%b)b" % name)
        return content

    def filling(self, now: int) -> dict[bytes, bytes]:
        """What comes into the holes of an answer given *now* (ms UTC)."""
        request_id, filling = new_request_id(), {}
        for name, maker in self._makers:  # half the time of a comprehension
            filling[name] = maker(now, request_id).encode()
        return filling


class _Head:
    """Status and headers, as templates."""

    def __init__(
        self, status: str, headers: Iterable[tuple[str, str]], holes: _Holes, *, any_length: bool = False
    ) -> None:
        self.status, self.code = status, int(status[:3])
        self.headers = [
            (
                name,
                _LENGTH
                if any_length and name == "Content-Length"
                else holes.template(value.encode("latin-1")),
            )
            for name, value in headers
        ]
        self.lines = b"".join(b"%b: %b\r\n" % (name.encode("latin-1"), value) for name, value in self.headers)


class _Memory:
    """One answer."""

    def __init__(
        self, repeatable: _Repeatable, status: str, headers: Iterable[tuple[str, str]], body: bytes
    ) -> None:
        self.repeats, self.call, self.size = repeatable.repeats, repeatable.call, len(body)
        first, validity = self.repeats.first, repeatable.validity
        self.scope, self.query = first.scope, first.raw_query
        self.codes: Mapping[str, Any] = registry.named(first.service).codes
        self._since, self._until, self._watched = validity.since, validity.until, validity.watched
        self._holes = _Holes(validity.fresh)
        self._head = _Head(status, headers, self._holes)
        self._varies = any(text.encode() in body for text in self._holes.names.values())
        self._body = self._holes.template(body) if self._varies else body

    def holds(self, now: int, changes: Changes) -> bool:
        """Whether it is still true *now* (ms UTC)."""
        return self._since <= now < self._until and not changes.changed(self._watched)

    def recalled(self, now: int) -> "Recalled":
        """It, as it is to be given *now* (ms UTC)."""
        filling = self._holes.filling(now)
        return Recalled(self._head, filling, self._body % filling if self._varies else self._body)


class _Caller:
    """Somebody who was let in to ask something of some bot: all of a request but its query."""

    def __init__(
        self, repeatable: _Repeatable, reading: Reading, status: str, headers: Iterable[tuple[str, str]]
    ) -> None:
        self.repeats, self.reading = repeatable.repeats, reading
        self.scope = self.repeats.first.scope
        self.codes: Mapping[str, Any] = registry.named(self.repeats.first.service).codes
        self._repeatable, self._validity = repeatable, repeatable.caller
        self._holes = _Holes(self._validity.fresh)
        self._head = _Head(status, headers, self._holes, any_length=True)

    def holds(self, now: int) -> bool:
        """Whether they may still ask *now* (ms UTC)."""
        return self._validity.since <= now < self._validity.until

    def call(self, query: str) -> Call:
        """What scenarios ask about."""
        parameters = MultiDict(parse_qsl(query, keep_blank_values=True))
        return replace(self._repeatable.call, query=parameters.to_dict())

    def recalled(self, now: int, body: bytes) -> "Recalled":
        """The answer with that *body*."""
        filling = {**self._holes.filling(now), b"length": b"%d" % len(body)}
        return Recalled(self._head, filling, body)

    def memory(self, query: str, validity: Validity, given: "Recalled") -> _Memory:
        """What there is to remember of an answer that was *given* to that *query*."""
        makers = self._validity.fresh
        fresh = {given.filling[name].decode(): makers[text] for name, text in self._holes.names.items()}
        repeatable = replace(
            self._repeatable,
            repeats=self.repeats.with_query(query),
            call=self.call(query),
            validity=replace(self._validity, since=validity.since, fresh=fresh) & validity,
        )
        return _Memory(repeatable, given.status, given.headers, given.body)


class Recalled:
    """An answer that the application was not asked for."""

    __slots__ = ("_head", "body", "filling")

    def __init__(self, head: _Head, filling: Mapping[bytes, bytes], body: bytes) -> None:
        self._head, self.filling, self.body = head, filling, body

    @property
    def status(self) -> str:
        """Number and phrase."""
        return self._head.status

    @property
    def code(self) -> int:
        """The number alone."""
        return self._head.code

    @property
    def lines(self) -> bytes:
        """The headers as lines of HTTP/1.1."""
        return self._head.lines % self.filling

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers as in WSGI."""
        return [(name, (value % self.filling).decode("latin-1")) for name, value in self._head.headers]

    def brief(self) -> "Recalled":
        """It, with no more of its body than the journal tells: for one that is nobody else's."""
        return Recalled(self._head, self.filling, self.body[:LONGEST_BODY])

    def answer(self) -> Answer:
        """What the journal keeps of it."""
        return self.headers, self.body
