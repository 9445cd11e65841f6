"""Faults in requests: a hook before the view and one after it. The server carries out faults below HTTP."""

import math
import time
from typing import Any, cast
from wsgiref.types import WSGIEnvironment

from flask import Flask, Response, make_response, request
from werkzeug import Request

from mockcbs.core import masking, queries
from mockcbs.core.clock import iso
from mockcbs.core.errors import ApiError, one_line
from mockcbs.core.patterns import Call
from mockcbs.faults import scenario_file
from mockcbs.faults.damage import Body, damaged
from mockcbs.faults.delivery import Delivery
from mockcbs.faults.scenario import FAILURES, Answer, Fault, Run, Wire
from mockcbs.faults.swap import SWAP_TIMEOUT
from mockcbs.hooks import bots
from mockcbs.hooks.errors import RESPONSES
from mockcbs.hooks.receive import receive
from mockcbs.services import registry
from mockcbs.services.base import Service
from mockcbs.state import State
from mockcbs.web import bodies, context
from mockcbs.web.cache import caching
from mockcbs.web.context import Context, Drawn

_DAY = 86_400


def choose() -> Response | None:
    """Before the view: choose the fault of this request, and respond at once if it replaces the response."""
    this = context.current()
    if this.service is None or this.unseen:
        return None
    this.drawn = run, fault = this.drawn or _draw(_run(context.mock()))
    if fault is None:
        return None
    this.fault, this.run = fault, run
    if fault.then.stale_ms:
        this.now = context.now() - fault.then.stale_ms
    if fault.then.answer:
        return _answer(fault.then.answer, fault)
    return make_response("") if this.delivers and _wire(fault) == "reset-upload" else None


def carry_out(response: Response) -> Response:
    """After the view: damage the response, and state how the server must deliver it."""
    this = context.current()
    if this.scenario_remark:
        _hint(response, this.scenario_remark)
    fault = this.fault
    if fault is None:
        return response
    response.headers.update(this.fault_headers)
    notes = _damage(response, fault)
    _deliver(fault, notes)
    if fault.then.answer:
        notes.append(f"{response.status_code} in place of the answer")
    if fault.then.stale_ms:
        notes.append(f"stale: the answer of {fault.then.stale_ms} ms ago")
    if notes:
        this.fault_note = f"{fault.scenario}: {', '.join(notes)}"
        _hint(response, f"scenario {this.fault_note}")
    return response


def _wire(fault: Fault) -> Wire | None:
    """The fault below HTTP. An upload can be reset only if there is one."""
    wire = fault.then.wire
    return None if wire == "reset-upload" and not request.content_length else wire


def _hint(response: Response, text: str) -> None:
    """Describe the fault in a header, unless an error has stated its reason."""
    if context.mock().settings.hints:
        response.headers.setdefault("X-Mockcbs-Reason", one_line(text))


def call(asked: Request, this: Context, operation: str | None) -> Call:
    """The values that patterns of scenarios compare: method, path, credential, parameters, headers and
    body.
    """
    return Call(
        asked.method,
        asked.path,
        this.service.name if this.service else None,
        operation,
        this.project,
        this.bot_id,
        masking.digest(this.token) if this.token else None,
        queries.used(asked.args.items(multi=True), this.service.used_value if this.service else "first"),
        {name.lower(): value for name, value in asked.headers.items()},
        bodies.beginning(asked, bodies.MAX_IN_MEMORY).decode("utf-8", "replace"),
    )


def concern_uploads(app: Flask) -> bool:
    """Whether a scenario that is played in any scope may slow uploads down."""
    mock: State = app.extensions["mockcbs"]
    return mock.scenarios.concerns_uploads


def draw_upload(app: Flask, environ: WSGIEnvironment) -> Drawn | None:
    """The fault that a scenario chooses before the body has arrived; `None` if it must not choose yet.

    It may wait for a database, which it asks what `concern_uploads` then knows without waiting.
    """
    with app.request_context(environ):
        try:
            receive()
            if not concern_uploads(app) and _preferred(environ.get("HTTP_PREFER", "")) is None:
                return None
            run = _run(context.mock())
            return _draw(run) if run and run.scenario.concerns_uploads and registry.service() else None
        except RESPONSES:  # the request itself gets the response
            return None


def _draw(run: Run | None) -> Drawn:
    service = registry.service()
    if run is None or service is None:
        return run, None
    asked, this = context.with_request()
    bots.note(this, asked.view_args, bodies.beginning(asked, bodies.MAX_IN_MEMORY))
    return run, run.fault(call(asked, this, asked.endpoint), context.now(), service.codes)


def _run(mock: State) -> Run | None:
    """The scenario in the Prefer header of the request, otherwise the running one of its scope."""
    name = _preferred(context.asked().environ.get("HTTP_PREFER", ""))
    if name is None:
        return mock.scenarios.run(context.scope())
    caching.never()
    try:
        scenario = scenario_file.parse(name, registry.vocabulary())
    except scenario_file.ScenarioError as error:
        this = context.current()
        this.scenario_remark = str(error)
        this.near_misses.append(str(error))
        return None
    return mock.scenarios.preferred(scenario, context.scope())


def _preferred(header: str) -> str | None:
    """The NAME of ``scenario=NAME`` in a Prefer header (RFC 7240)."""
    if not header:
        return None
    for preference in header.replace(";", ",").split(","):
        key, _, value = preference.partition("=")
        if key.strip().lower() == "scenario" and value.strip():
            return value.strip().strip('"')
    return None


def _answer(answer: Answer, fault: Fault) -> Response:
    """The response that replaces the correct one. An error is raised, and its service renders it."""
    if answer.error:
        raise _error(answer.error, answer, fault)
    response = make_response(answer.body, answer.status or 200)
    response.headers["Content-Type"] = answer.content_type
    response.headers.update(answer.headers)
    return response


def _error(code: str, answer: Answer, fault: Fault) -> ApiError:
    service, this = registry.service() or registry.DEFAULT, context.current()
    rows = service.codes[code]
    row = next((row for row in rows if row.status == answer.status), rows[0])
    reason = f"provoked by scenario {fault.scenario}"
    this.fault_headers = dict(answer.headers)
    if code not in FAILURES:
        return ApiError(row, reason)
    failure = service.failures[code]
    words = _words(fault, service)
    stated = {name.lower() for name in answer.headers}
    this.fault_headers |= {
        name: value.format_map(words) for name, value in failure.headers.items() if name.lower() not in stated
    }
    message = failure.message and failure.message.format_map(words)
    spec = failure.by_endpoint.get(request.endpoint or "", failure.spec)
    return ApiError(spec, reason, message=message)


def _words(fault: Fault, service: Service) -> dict[str, Any]:
    """The values of the placeholders in messages of failures."""
    throttle = fault.then.throttle or service.rate_limit
    return {
        "limit": throttle.calls,
        "window": _window(throttle.seconds),
        "wait": math.ceil(fault.retry_after),
        "now": iso(context.now(), timespec="microseconds"),
    }


def _window(seconds: float) -> str:
    """*seconds* in words: ``1 second``, ``1 minute``."""
    for unit, size in (("day", _DAY), ("hour", 3600), ("minute", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} second"


def _damage(response: Response, fault: Fault) -> list[str]:
    """Damage a successful response. Return a description of the damage."""
    if not fault.then.damage or response.status_code >= 300:
        return []
    damages = [damage for damage in fault.then.damage if damage.kind != "wrong-checksum"]
    notes = [_wrong_checksum(response)] if len(damages) < len(fault.then.damage) else []
    if not damages or response.is_streamed or request.method == "HEAD":
        return notes
    body = Body(response.get_data(), response.headers.get("Content-Type", ""))
    for damage in damages:
        body, note = _swapped(body) if damage.kind == "swapped" else damaged(body, damage, fault.chance)
        notes.append(note)
    response.set_data(body.content)
    response.headers["Content-Type"] = body.content_type
    return notes


def _wrong_checksum(response: Response) -> str:
    """Change the last character of every checksum in the headers."""
    service = registry.service()
    names = [name for name in (service.checksums if service else ()) if response.headers.get(name)]
    for name in names:
        value = response.headers[name]
        response.headers[name] = value[:-1] + ("1" if value[-1] == "0" else "0")
    return f"wrong-checksum: {', '.join(names) or 'no checksum in this response'}"


def _swapped(body: Body) -> tuple[Body, str]:
    """The body of another request: of a waiting one, the next one, or the last one."""
    this = context.current()
    run = cast("Run", this.run)  # a request with a fault has a run
    content, this.held = run.swaps.meet(body.content, may_wait=this.may_wait)
    whose = f"that of a call within {SWAP_TIMEOUT:g} s, else " if this.held else ""
    return Body(content, body.content_type), f"swapped: {whose}the answer to the call before"


def _deliver(fault: Fault, notes: list[str]) -> None:
    """Ask the server for a delay, a speed or a disconnect. A server without this support only waits."""
    this, then, wire = context.current(), fault.then, _wire(fault)
    delay = fault.delay
    if delay:
        notes.append(f"{delay * 1000:.0f} ms late")
    if (pace := then.upload_bytes_per_second) and (size := request.content_length):
        notes.append(f"the request was read at {pace:,.10g} bytes a second")
        delay += 0 if this.paced else size / pace
    if then.bytes_per_second:
        notes.append(f"{then.bytes_per_second:,.10g} bytes a second")
    if not (delay or then.bytes_per_second or wire or this.held):
        return
    if this.delivers:
        this.delivery = Delivery(delay, then.bytes_per_second, wire, this.held)
    elif delay:
        time.sleep(delay)
    if wire:
        notes.append(wire if this.delivers else f"{wire} is left out: it needs mockcbs's own server")
