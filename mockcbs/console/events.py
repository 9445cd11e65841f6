"""Server-sent events: hints that calls were made, or that the clock or the scenario changed."""

import json
import time
from collections.abc import Iterator
from typing import Any

from flask import Response

from mockcbs.core.errors import BackendError
from mockcbs.state import State
from mockcbs.web.json import PacedStream

PAUSE = 0.3
"""The seconds between two checks of the mock."""
_HEARTBEAT = 5.0
"""The maximum seconds without output, so that the server notices a closed page."""


def stream(mock: State, *, endless: bool) -> Response:
    """The stream. A server that cannot keep it open (not *endless*) sends one hint; browsers reconnect."""
    pieces: Iterator[bytes] = _hints(mock) if endless else iter([b"retry: 1000\n" + _event(hint(mock))])
    response = Response(PacedStream(pieces, PAUSE), mimetype="text/event-stream", direct_passthrough=True)
    response.headers["Cache-Control"] = "no-store"
    return response


def hint(mock: State) -> dict[str, Any]:
    """A value that differs from the previous one when a page should load its data again."""
    clock, run = mock.clock, mock.scenarios.run()
    return {
        "calls": mock.journal.newest(),
        "mode": clock.mode,
        "ahead": 0 if clock.mode == "real" else _ahead(clock.now(), frozen=clock.frozen),
        "scenario": run.scenario.name if run else None,
        "data": mock.worlds.mark,
    }


def _ahead(now: int, *, frozen: bool) -> int:
    """The time of a *frozen* clock; of another clock, its difference from real time in seconds."""
    return now if frozen else round((now - time.time() * 1000) / 1000)


def _hints(mock: State) -> Iterator[bytes]:
    last: dict[str, Any] | None = None
    now: dict[str, Any] | None
    sent = 0.0
    while True:
        try:
            now = hint(mock)
        except BackendError:  # the backend is unavailable; the next check reads it again
            now = last
        if now is not None and now != last:
            last, sent = now, time.monotonic()
            yield _event(now)
        elif time.monotonic() - sent > _HEARTBEAT:
            sent = time.monotonic()
            yield b": still here\n\n"
        else:
            yield b""


def _event(data: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(data)}\n\n".encode()
