"""The application: blueprints, hooks and error handlers; nothing else."""

import logging
import time
from functools import cache

from flask import Flask, Response, current_app, make_response, request
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    RequestEntityTooLarge,
)

from mockcbs.backend.base import Backend
from mockcbs.backend.memory import MemoryBackend
from mockcbs.control import views as control
from mockcbs.core.budget import MB, Budget
from mockcbs.core.errors import ApiError, BackendError, one_line
from mockcbs.core.printable import make_log_printable
from mockcbs.faults import scenario_file
from mockcbs.hooks import faults, observe
from mockcbs.services import registry
from mockcbs.services.base import WIRE_HINTS, Guards, Service
from mockcbs.settings import Settings
from mockcbs.state import State
from mockcbs.web import context
from mockcbs.web.context import WireProblem
from mockcbs.web.near_misses import nearest
from mockcbs.web.problems import Problem, render
from mockcbs.web.wsgi import Application, Routes

log = logging.getLogger("mockcbs")


@cache
def _routes(services: tuple[Service, ...], *, control: bool) -> Routes:
    """The routes that all mocks of these services share."""
    del services, control
    return Routes()


def create_app(settings: Settings | None = None, backend: Backend | None = None) -> Flask:
    """A mock as a WSGI application, its state in memory unless *backend* is given.

    Raises `mockcbs.core.errors.UserError` if the dataset or the scenario cannot be read, or settings
    contradict each other.
    """
    settings = settings or Settings()
    app = Application("mockcbs", static_folder=None, template_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    make_log_printable()
    app.url_map = routes = _routes(services := registry.services(), control=settings.control)
    opening = scenario_file.load(settings.scenario, registry.vocabulary()) if settings.scenario else None
    backend = backend or MemoryBackend(Budget(settings.memory * MB))
    app.extensions["mockcbs"] = mock = State(settings, opening, backend, registry.sections())
    for service in services:
        app.register_blueprint(service.blueprint)
    if settings.control:
        app.register_blueprint(control.blp)
    routes.seal()
    guards = Guards(mock, services)
    app.before_request(_receive)
    app.before_request(faults.choose)
    app.before_request(lambda: guards.admit(registry.service(), request.endpoint))
    app.after_request(observe.note)  # Flask calls these from the last to the first
    app.after_request(faults.carry_out)
    app.after_request(lambda response: guards.stamp(registry.service(), response))
    app.register_error_handler(ApiError, _emulated_error)
    app.register_error_handler(BackendError, _unavailable)
    app.register_error_handler(HTTPException, _unrouted)
    app.register_error_handler(Problem, render)
    app.register_error_handler(InternalServerError, _bug)
    return app


_STATUS: dict[WireProblem, int] = {
    "malformed request": 400,
    "body too large": 413,
    "URI too large": 414,
    "headers too large": 431,
}
"""Of responses by mockcbs itself; the services have their own."""


def _receive() -> None:
    """Find the service and scope of the request, and refuse a request that is not acceptable HTTP."""
    asked, this = context.with_request()
    this.started = time.perf_counter()
    problem = this.wire_problem
    this.service = service = None if observe.is_control() else registry.service_at(asked)
    if service:
        this.token = service.token(asked.environ)
        this.project = service.project_in(asked.path)
        this.scope = this.project or registry.scope_of_token(this.token, context.mock().settings.secret)
    if problem and observe.is_control():
        raise Problem(_STATUS[problem], problem, this.wire_reason or WIRE_HINTS[problem])
    if problem:
        this.service = service = service or registry.DEFAULT
        raise ApiError(service.wire_problems[problem], this.wire_reason or WIRE_HINTS[problem])
    if service and (asked.content_length or 0) > service.max_body:
        raise ApiError(service.wire_problems["body too large"], WIRE_HINTS["body too large"])
    if asked.method == "HEAD" and asked.endpoint:
        raise MethodNotAllowed


def _emulated_error(error: ApiError) -> Response:
    """An error of the vendor in its own envelope, with the reason in a header."""
    settings, this = context.mock().settings, context.current()
    if service := registry.service():
        error.spec = service.adjust(error.spec, settings)
    response = make_response(error.body(context.request_id()), error.spec.status)
    this.error_code, this.reason = error.spec.code, (reason := one_line(error.reason))
    if settings.hints:
        response.headers["X-Mockcbs-Reason"] = reason
    return response


def _unavailable(error: BackendError) -> Response:
    """The backend is full or cannot be reached: the service says that it is unavailable, the log why."""
    log.warning("%s", error)
    service = registry.service()
    if service is None:
        return render(Problem(503, "Service Unavailable", str(error)))
    failure = service.failures["unavailable"]
    return _emulated_error(ApiError(failure.spec, str(error), message=failure.message))


def _unrouted(error: HTTPException) -> Response:
    """A request without a route: refused by the service it was meant for, else by mockcbs itself."""
    if isinstance(error, RequestEntityTooLarge):
        return _too_large_form()
    candidates = nearest(current_app.url_map.iter_rules(), request.method, request.path)
    context.current().near_misses = candidates
    reason = f"no route for {_target()}; nearest: {' | '.join(candidates) or 'none'}"
    service = registry.service()
    if service is None:
        return render(Problem(404, "Not Found", one_line(reason), nearest=candidates))
    known = isinstance(error, MethodNotAllowed)
    return _emulated_error(ApiError(service.unknown_method if known else service.unknown_path, reason))


def _target() -> str:
    """Method and path of the request; a target that is no path, as it was sent."""
    sent = request.environ.get("REQUEST_URI", "")
    if request.method == "CONNECT":
        return f"CONNECT {sent!r}, as mockcbs is no proxy: give the client its URL as base URL"
    return f"{request.method} {sent if sent == '*' else request.path!r}"


def _too_large_form() -> Response:
    """A form whose parts werkzeug refuses to read."""
    config, service = current_app.config, registry.service()
    reason = (
        f"a form may have {config['MAX_FORM_PARTS']} parts, "
        f"and {config['MAX_FORM_MEMORY_SIZE']} bytes outside of its files"
    )
    if service is None:
        return render(Problem(413, "body too large", reason))
    return _emulated_error(ApiError(service.wire_problems["body too large"], reason))


def _bug(error: InternalServerError) -> Response:
    """A bug in mockcbs: Flask logs its traceback; it never looks like an error of the vendor."""
    cause = error.original_exception
    detail = f"a bug in mockcbs: {type(cause).__name__}; the log has the traceback"
    return render(Problem(500, "mockcbs failed", detail))
