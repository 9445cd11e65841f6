"""What looks at every answer on its way out: journal, log and figures."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, g, request

from mockcbs import state
from mockcbs.core.patterns import Call
from mockcbs.hooks import faults
from mockcbs.journal.journal import LONGEST_BODY, Answer, Entry
from mockcbs.journal.metrics import Count
from mockcbs.state import Lasting, Reading, State

log = logging.getLogger("mockcbs")

PREFIX = "/_mockcbs/"

REPEATABLE = "mockcbs.repeatable"
"""Key of the WSGI environment under which a server that may repeat answers asks for a `Repeatable`."""


class Repeats:
    """Notes calls like a *first* one, that no scenario touched."""

    def __init__(self, mock: State, first: Entry) -> None:
        self.first = first
        self._mock, self._complaints = mock, first.complaints
        self._keep, self._count = mock.journal.repeat, _count_of(mock, first).add

    def with_query(self, query: str) -> "Repeats":
        """The same for the first call's like with another query."""
        return Repeats(self._mock, self.first.with_query(query))

    def note(self, at: int, seconds: float, answer: Callable[[], Answer], query: str) -> None:
        """Enter one in the journal, log and count it; it was answered *at* that instant (ms UTC)."""
        self._keep(self.first, at, seconds * 1000, answer, query)
        self._count(seconds)
        for complaint in self._complaints:
            log.info(complaint)


@dataclass(frozen=True, slots=True)
class Repeatable:
    """What is to be known of an answer to give it again."""

    repeats: Repeats
    """Notes that it was given again."""
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
    for complaint in entry.complaints:
        log.info(complaint)
    _count_of(mock, entry).add(took)
    if entry.fault:
        mock.tally.add_fault(entry.fault.partition(":")[0])
    if REPEATABLE in asked.environ and "fault" not in context and (lasting := state.lasting()):
        asked.environ[REPEATABLE] = Repeatable(
            Repeats(mock, entry), faults.call(), lasting, state.caller_lasts(), context.get("reading")
        )
    return response


def _count_of(mock: State, entry: Entry) -> Count:
    return mock.tally.count_of((entry.service or "none", entry.operation or "none"), entry.status)


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    return {key: value for key, value in environ.items() if key.startswith(("HTTP_", "CONTENT_"))}
