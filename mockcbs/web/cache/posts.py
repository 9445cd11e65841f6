"""Answers JSON bodies of known callers without Flask. Unlike a read, such a request may change something."""

import io
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from functools import partial
from http import HTTPStatus
from typing import Any, NoReturn
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, Response

from mockcbs.journal.entry import MAX_BODY, Answer, Entry
from mockcbs.state import RESETS, State
from mockcbs.web import context
from mockcbs.web.bodies import LARGE_BODY
from mockcbs.web.cache.bounded import Bounded, Seen
from mockcbs.web.cache.callers import Caller, listening
from mockcbs.web.cache.templates import Hit, length_of
from mockcbs.web.context import Context
from mockcbs.web.json import PacedStream

_LENGTH = "CONTENT_LENGTH"
_JSON, _STREAM = "application/json", "text/event-stream"
_OF_ONE_CALL = {"id", "real_at", "raw_body", "raw_response", "response_headers"}
"""The fields of a journal entry that are new in every call."""

_Response = tuple[str, list[tuple[str, str]], Iterable[bytes]]
"""Status, headers and body."""


class Posts:
    """Calls a view that is marked with `by_body` directly for further bodies of a caller.

    Whatever is unusual is left to the application: an invalid body, an unknown name, a scenario. If the view
    was called by then, the application gets what it returned or raised, and does not call it again.
    """

    def __init__(self, app: Flask, most: int, most_seen: int) -> None:
        """*most* is the maximum number of callers, *most_seen* that of heads that are remembered as seen
        once.
        """
        self._app = app
        self._mock: State = app.extensions["mockcbs"]
        self._callers: Bounded[_Poster] = Bounded(most)
        self._seen = Seen(most_seen)

    def answer(
        self, this: Context, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """The response to a request: by a direct call of the view if possible, else by the application."""
        is_odd = this.wire_problem or this.body_error or this.drawn or this.unseen
        if is_odd or not 0 < int(environ.get(_LENGTH) or 0) < LARGE_BODY:
            return self._app(environ, start_response)
        if not self._seen.again(this.head):
            return self._app(environ, start_response)
        call = self._mock.in_flight.begin()
        try:
            caller = self._callers.get(this.head)
            if caller and (direct := self._direct(caller, this, environ)):
                status, headers, parts = direct
                start_response(status, headers)
                return parts
            return self._introduce(this, environ, start_response)
        finally:
            self._mock.in_flight.end(call)

    def _direct(self, caller: "_Poster", this: Context, environ: WSGIEnvironment) -> _Response | None:
        """The response to another body of *caller*; `None` if the application must make it."""
        this.started = began = time.perf_counter()
        body = environ["wsgi.input"].read()
        environ["wsgi.input"] = io.BytesIO(body)
        if not this.looked:
            self._mock.refresh()
            this.looked = True
        with context.outside(this, self._mock):
            try:
                view = caller.view(this, body)
                request_id = context.request_id() if view else ""  # a played scenario may change its time
            except Exception:  # noqa: BLE001 - the application tells what is wrong
                view = None
            if view is None or this.near_misses:
                this.near_misses.clear()
                return None
            try:
                content = view()
            except Exception as error:  # noqa: BLE001 - the application renders it
                this.outcome = partial(_raise, error)
                return None
            answered = caller.answered.get(_type_of_view(content))
            if answered is None or this.near_misses or self._was_away(began):
                this.outcome = lambda: content
                return None
            is_stream = isinstance(content, Response)
            text = this.response_note.encode() if is_stream else self._app.json.dumps(content).encode()
            filling = answered.holes.fill(context.now(), request_id)
            headers = Hit(answered.head, filling | length_of(text), text).headers
            caller.note_post(this, began, environ[_LENGTH], body, (headers, text[:MAX_BODY]))
            return answered.head.status, headers, content.response if is_stream else [text]

    def _was_away(self, began: float) -> bool:
        """Whether the backend was unavailable since *began*, which the application remarks on."""
        feed = self._mock.backend.feed
        return feed is not None and bool(feed.away_within(time.perf_counter() - began))

    def _introduce(
        self, this: Context, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """The response of the application; afterwards the caller may be known."""
        head, listen = listening(start_response)
        changes = self._mock.changes
        resets = changes.watch(RESETS)
        parts = self._app(environ, listen)
        entry = this.entry
        if this.other_body and entry and _is_usual(this, entry):
            caller = _Poster(self._mock, this, entry, head)
            known = self._callers.get(this.head)
            if known and known.validity.holds(caller.validity.since, changes):
                caller.answered = known.answered | caller.answered
            if not changes.changed(resets):  # since the caller was checked
                self._callers.put(this.head, caller)
        return parts


class _Poster(Caller):
    """A caller whose requests differ in their bodies."""

    def __init__(self, mock: State, this: Context, first: Entry, head: Sequence[Any]) -> None:
        super().__init__(mock, this, first, head)
        names = [field.name for field in fields(Entry) if field.name not in _OF_ONE_CALL]
        self._facts = {name: getattr(first, name) for name in names}
        self.answered: dict[str, Caller] = {_type_of(first): self}
        """The caller by the type of its response: JSON or a stream."""

    def view(self, this: Context, body: bytes) -> Callable[[], Any] | None:
        """Make *this* a request of this caller, and return the call of the view with *body*.

        `None` if the caller must be checked again, or if a scenario is played. Raises any error if *body* is
        not valid.
        """
        parse, other_body = self.this.parse_body, self.this.other_body
        this.follow(self.this)
        if not self.validity.holds(context.now(), self._mock.changes) or parse is None or other_body is None:
            return None
        return None if self._mock.scenarios.run(self.scope) else partial(other_body, parse(body))

    def note_post(self, this: Context, began: float, length: str, body: bytes, answer: Answer) -> None:
        """Add a request with an *answer* of the view to journal, metrics and log."""
        seconds = time.perf_counter() - began
        headers, text = answer
        facts = self._facts | {
            "raw_headers": {**self._facts["raw_headers"], _LENGTH: length},
            "bot": this.bot_id,
            "at": context.latest(),
            "duration_ms": seconds * 1000,
            "deliveries": tuple(this.deliveries),
            "records": tuple(this.records),
            "rows": tuple(this.rows),
            "calls": tuple(this.calls),
        }
        entry = self._mock.journal.add(
            began=began, raw_body=body, raw_response=text, response_headers=headers, **facts
        )
        self._count.add(seconds)
        self._mock.journal.log.note(entry)


def _is_usual(this: Context, entry: Entry) -> bool:
    """Whether nothing but the body decided about the response."""
    is_limited = this.proves or this.fault or this.near_misses or not (this.now or 0) < this.validity.until
    is_ok = entry.status == HTTPStatus.OK and entry.code is None  # some services answer errors with 200
    return is_ok and _type_of(entry) in {_JSON, _STREAM} and not is_limited


def _type_of(entry: Entry) -> str:
    return dict(entry.response_headers).get("Content-Type", "").partition(";")[0]


def _type_of_view(content: Any) -> str:
    """The type of the response to what a view returned; empty if the application must make it."""
    if type(content) is dict:
        return _JSON
    is_stream = isinstance(content, Response) and type(content.response) is PacedStream
    return content.mimetype if is_stream and content.status_code == HTTPStatus.OK else ""


def _raise(error: Exception) -> NoReturn:
    raise error
