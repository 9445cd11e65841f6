"""What looks at every answer on its way out: journal and figures."""

import logging
import time
from typing import Any

from flask import Response, g, request

from mockcbs import state
from mockcbs.control.journal import LONGEST_BODY

log = logging.getLogger("mockcbs")

PREFIX = "/_mockcbs/"


def is_control() -> bool:
    """Whether the request at hand is about the mock itself."""
    return request.path.startswith(PREFIX)


def note(response: Response) -> Response:
    """Enter one call in the journal and count it."""
    if is_control():
        return response
    mock, asked, context = state.current(), request._get_current_object(), g._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - documented, and spares a look-up for each attribute
    took = time.perf_counter() - context.started
    service = context.service.name if context.service else None
    fault, scope, misses = context.get("fault_note"), context.get("scope"), context.get("near_misses", ())
    mock.journal.add(
        method=asked.method,
        path=asked.path,
        raw_query=asked.environ.get("QUERY_STRING", ""),
        raw_headers=_headers(asked.environ),
        raw_body=asked.get_data()[:LONGEST_BODY],
        status=response.status_code,
        raw_answer=b"" if response.is_streamed else response.get_data()[:LONGEST_BODY],
        answer_headers=list(response.headers),
        service=service,
        operation=asked.endpoint,
        project=context.get("project"),
        bot=context.get("bot_id"),
        scope=scope,
        at=mock.clock_of(scope).now(),
        duration_ms=took * 1000,
        code=context.get("error_code"),
        reason=context.get("reason"),
        fault=fault,
        near_misses=tuple(misses),
    )
    for miss in misses if asked.endpoint else ():  # what has no route is logged with its error
        log.info("%s %s: %s", asked.method, asked.path, miss)
    scenario = fault.partition(":")[0] if fault else None
    mock.tally.add((service or "none", asked.endpoint or "none"), response.status_code, took, scenario)
    return response


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    return {key: value for key, value in environ.items() if key.startswith(("HTTP_", "CONTENT_"))}
