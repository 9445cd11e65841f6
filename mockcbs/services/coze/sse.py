"""Server-sent events in Coze's format (contract 2.7): each event is one line of JSON."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

from flask import Response

from mockcbs.core.errors import ErrorSpec
from mockcbs.core.numbers import compact
from mockcbs.web import context
from mockcbs.web.json import PacedStream

__all__ = ["Response", "deltas", "event", "response", "unnamed", "workflow_error"]

_DELTA = re.compile(r"[A-Za-z0-9]+ ?|[^A-Za-z0-9]{1,2}", re.DOTALL)
_LINE_ENDS = {chr(code): f"\\u{code:04x}" for code in (0x85, 0x2028, 0x2029)}
"""Characters that end a line for some clients, although JSON does not escape them."""


def event(name: str, data: Any, number: int | None = None) -> bytes:
    """One event; the events of workflows have numbers."""
    identity = "" if number is None else f"id:{number}\n"
    return f"{identity}event:{name}\ndata:{_line(data)}\n\n".encode()


def unnamed(data: Any) -> bytes:
    """One event without a name, as in version 2 of the chat."""
    return f"data:{_line(data)}\n\n".encode()


def _line(data: Any) -> str:
    """*data* as one line of JSON."""
    text = compact(data)
    for end, escape in _LINE_ENDS.items():
        text = text.replace(end, escape)  # `str.translate` takes 24 us for 400 characters
    return text


def workflow_error(number: int, spec: ErrorSpec, message: str | None = None) -> bytes:
    """The error event that ends a workflow's stream."""
    content = {"error_code": int(spec.code), "error_message": message or spec.message}
    return event("Error", content, number)


def deltas(text: str) -> list[str]:
    """*text* in pieces, like the output of a model: a word, or one or two characters."""
    return _DELTA.findall(text)


def response(events: Iterable[bytes], left: Callable[[], Any] = lambda: None) -> Response:
    """A stream of *events*, made one by one as the client reads; *left* is called at its end."""
    stream = PacedStream(_InContext(iter(events), left), context.mock().settings.pace / 1000)
    answer = Response(stream, mimetype="text/event-stream", direct_passthrough=True)
    answer.headers["Content-Type"] = "text/event-stream"
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


class _InContext:
    """An iterator whose steps run in the context of their request, after its response has begun.

    Each step has its own context, so that one thread can alternate between the steps of several streams.
    """

    def __init__(self, events: Iterator[bytes], left: Callable[[], Any]) -> None:
        self._events, self._left = events, left
        self._request, self._mock = context.current(), context.mock()
        self._is_over = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        with context.resumed(self._request, self._mock):
            return next(self._events)

    def close(self) -> None:
        """Report that the client has stopped reading."""
        if self._is_over:
            return
        self._is_over = True
        with context.resumed(self._request, self._mock), suppress(StopIteration):
            self._left()
