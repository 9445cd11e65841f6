"""After every response: journal, log and metrics."""

import time
from typing import Any

from flask import Request, Response

from mockcbs.core.errors import one_line
from mockcbs.hooks import bots
from mockcbs.journal.entry import MAX_BODY
from mockcbs.traffic.knowledge import Turn
from mockcbs.web import bodies, context
from mockcbs.web.context import Context

PREFIX = "/_mockcbs/"


def is_control() -> bool:
    """Whether the current request is for the control API."""
    return context.asked().path.startswith(PREFIX)


def remark(response: Response) -> Response:
    """State surprises of a successful response in a header: unknown parameters, or a range without
    traffic.
    """
    remarks = context.current().near_misses
    if remarks and context.mock().settings.hints:
        response.headers.setdefault("X-Mockcbs-Reason", one_line("; ".join(remarks)))
    return response


def note_record(turn: Turn, scope: str, before: Turn | None) -> None:
    """Record in the context of the current request, if there is one, that it recorded *turn*."""
    del scope
    if context.is_present() and before is None:
        context.current().records.append(turn.key)


def note(response: Response) -> Response:
    """Add the current request to the journal and the metrics, and log its problems."""
    if is_control() or context.current().unseen:
        return response
    mock, (asked, this) = context.mock(), context.with_request()
    took = time.perf_counter() - this.started
    body = _body(asked, this)
    bots.note(this, asked.view_args, body)
    this.entry = entry = mock.journal.add(
        began=this.started,
        method=asked.method,
        path=asked.path,
        raw_query=asked.environ.get("QUERY_STRING", ""),
        used_value=this.service.used_value if this.service else "first",
        raw_headers=_headers(asked.environ),
        raw_body=body,
        status=response.status_code,
        raw_response=_response(response, this),
        response_headers=list(response.headers),
        service=this.service.name if this.service else None,
        operation=asked.endpoint,
        project=this.project,
        bot=this.bot_id,
        scope=this.scope,
        at=context.latest(),
        duration_ms=took * 1000,
        raw_token=this.token,
        code=this.error_code,
        reason=this.reason,
        fault=this.fault_note,
        near_misses=tuple(this.near_misses),
        deliveries=tuple(this.deliveries),
        records=tuple(this.records),
        dataset=mock.dataset.name,
        seed=mock.seed,
        rows=tuple(this.rows),
        calls=tuple(this.calls),
    )
    mock.journal.log.note(entry)
    mock.tally.count_of((entry.service or "none", entry.operation or "none"), entry.status).add(took)
    if entry.fault:
        mock.tally.add_fault(entry.fault.partition(":")[0])
    return response


def _body(asked: Request, this: Context) -> bytes:
    if this.content_note or asked.environ.get("CONTENT_LENGTH") == "0":
        return this.content_note.encode()
    return bodies.beginning(asked, MAX_BODY)


def _response(response: Response, this: Context) -> bytes:
    if this.response_note or response.is_streamed:
        return this.response_note.encode()
    return response.get_data()[:MAX_BODY]


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    return {key: value for key, value in environ.items() if key.startswith(("HTTP_", "CONTENT_"))}
