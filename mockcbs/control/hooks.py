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
    mock = state.current()
    took = time.perf_counter() - g.started
    service = g.service.name if g.service else None
    fault = g.get("fault_note")
    mock.journal.add(
        method=request.method,
        path=request.path,
        raw_query=request.environ.get("QUERY_STRING", ""),
        raw_headers=_headers(request.environ),
        raw_body=request.get_data()[:LONGEST_BODY],
        status=response.status_code,
        raw_answer=b"" if response.is_streamed else response.get_data()[:LONGEST_BODY],
        answer_headers=list(response.headers),
        service=service,
        operation=request.endpoint,
        project=g.get("project"),
        bot=g.get("bot_id"),
        scope=state.scope(),
        at=mock.clock_of(state.scope()).now(),
        duration_ms=took * 1000,
        code=g.get("error_code"),
        reason=g.get("reason"),
        fault=fault,
        near_misses=tuple(g.get("near_misses", ())),
    )
    for miss in g.get("near_misses", ()):
        log.info("%s %s: %s", request.method, request.path, miss)
    scenario = fault.partition(":")[0] if fault else None
    mock.tally.add((service or "none", request.endpoint or "none"), response.status_code, took, scenario)
    return response


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    return {key: value for key, value in environ.items() if key.startswith(("HTTP_", "CONTENT_"))}
