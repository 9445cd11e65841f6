"""What looks at every answer on its way out: journal, log and figures."""

import logging
import time
from dataclasses import dataclass
from typing import Any

from flask import Response, g, request

from mockcbs import state
from mockcbs.calls import Call
from mockcbs.control.journal import LONGEST_BODY, Entry
from mockcbs.faults import inject
from mockcbs.state import Lasting, Reading, State

log = logging.getLogger("mockcbs")

PREFIX = "/_mockcbs/"

REPEATABLE = "mockcbs.repeatable"
"""Key of the WSGI environment under which a server that may repeat answers asks for a `Repeatable`."""


@dataclass(frozen=True, slots=True)
class Repeatable:
    """What is to be known of an answer to give it again."""

    entry: Entry
    """The journal's, of the first time."""
    call: Call
    """What scenarios ask about."""
    lasting: Lasting
    caller: Lasting
    """How long it is good that this caller asks this, whatever the query."""
    reading: Reading | None
    """What answers other queries."""


def is_control() -> bool:
    """Whether the request at hand is about the mock itself."""
    return request.path.startswith(PREFIX)


def note(response: Response) -> Response:
    """Enter one call in the journal and count it."""
    if is_control():
        return response
    mock, asked, context = state.current(), request._get_current_object(), g._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - documented, and spares a look-up for each attribute
    took = time.perf_counter() - context.started
    scope = context.get("scope")
    entry = mock.journal.add(
        method=asked.method,
        path=asked.path,
        raw_query=asked.environ.get("QUERY_STRING", ""),
        raw_headers=_headers(asked.environ),
        raw_body=b"" if asked.environ.get("CONTENT_LENGTH") == "0" else asked.get_data()[:LONGEST_BODY],
        status=response.status_code,
        raw_answer=b"" if response.is_streamed else response.get_data()[:LONGEST_BODY],
        answer_headers=list(response.headers),
        service=context.service.name if context.service else None,
        operation=asked.endpoint,
        project=context.get("project"),
        bot=context.get("bot_id"),
        scope=scope,
        at=mock.clock_of(scope).now(),
        duration_ms=took * 1000,
        code=context.get("error_code"),
        reason=context.get("reason"),
        fault=context.get("fault_note"),
        near_misses=tuple(context.get("near_misses", ())),
    )
    count(mock, entry, took)
    if REPEATABLE in asked.environ and "fault" not in context and (lasting := state.lasting()):
        asked.environ[REPEATABLE] = Repeatable(
            entry, inject.call(), lasting, state.caller_lasts(), context.get("reading")
        )
    return response


def count(mock: State, entry: Entry, seconds: float) -> None:
    """Log what there is to say of a call like *entry*, and add it to the figures."""
    for complaint in entry.complaints:
        log.info(complaint)
    scenario = entry.fault.partition(":")[0] if entry.fault else None
    mock.tally.add((entry.service or "none", entry.operation or "none"), entry.status, seconds, scenario)


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    return {key: value for key, value in environ.items() if key.startswith(("HTTP_", "CONTENT_"))}
