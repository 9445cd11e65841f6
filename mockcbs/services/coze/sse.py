"""Server-sent events as Coze writes them (contract 2.7): one line of JSON an event, closed at the end."""

import re
from collections.abc import Sequence
from typing import Any

from flask import Response

from mockcbs.core.errors import ErrorSpec
from mockcbs.core.numbers import compact
from mockcbs.web import context
from mockcbs.web.json import PacedStream

_DELTA = re.compile(r"[A-Za-z0-9]+ ?|[^A-Za-z0-9]{1,2}", re.DOTALL)
_LINE_ENDS = {code: f"\\u{code:04x}" for code in (0x85, 0x2028, 0x2029)}
"""Line ends to some clients, which JSON would not escape."""


def event(name: str, data: Any, number: int | None = None) -> bytes:
    """One event; those of workflows are numbered."""
    text = compact(data)
    identity = "" if number is None else f"id:{number}\n"
    return f"{identity}event:{name}\ndata:{text.translate(_LINE_ENDS)}\n\n".encode()


def workflow_error(number: int, spec: ErrorSpec) -> bytes:
    """The event that ends a workflow's stream badly."""
    return event("Error", {"error_code": int(spec.code), "error_message": spec.message}, number)


def deltas(text: str) -> list[str]:
    """*text* in pieces as a model would write it: a word, or a character or two."""
    return _DELTA.findall(text)


def response(events: Sequence[bytes]) -> Response:
    """A stream of *events*."""
    stream = PacedStream(events, context.mock().settings.pace / 1000)
    answer = Response(stream, mimetype="text/event-stream", direct_passthrough=True)
    answer.headers["Content-Type"] = "text/event-stream"
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["X-Accel-Buffering"] = "no"
    return answer
