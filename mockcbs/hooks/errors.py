"""Error handlers: an emulated error in its service's format, mockcbs's own as problem+json."""

import logging
from http import HTTPStatus
from typing import cast

from flask import Flask, Response, current_app, make_response, redirect, request
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    RequestEntityTooLarge,
)
from werkzeug.wrappers import Response as AnyResponse

from mockcbs.core.errors import ApiError, BackendError, one_line
from mockcbs.services import registry
from mockcbs.services.base import Service
from mockcbs.web import context
from mockcbs.web.problems import Problem, render
from mockcbs.web.wsgi import Application

_CONSOLE = "/_mockcbs/console"

RESPONSES = (ApiError, BackendError, HTTPException, Problem)
"""The exceptions that stand for a response. Any other one is a bug."""

log = logging.getLogger("mockcbs")


def register(app: Flask) -> None:
    """Register the error handlers of *app*."""
    app.register_error_handler(ApiError, _emulated)
    app.register_error_handler(BackendError, _unavailable)
    app.register_error_handler(HTTPException, _unrouted)
    app.register_error_handler(Problem, render)
    app.register_error_handler(InternalServerError, _bug)


def _emulated(error: ApiError) -> Response:
    """The response for an error of a service, with the reason in a header."""
    settings, this, service = context.mock().settings, context.current(), registry.service()
    row = service.adjust(error.spec, settings) if service else error.spec
    if service and service.render:
        response = service.render(row, error, context.request_id())
    else:
        response = make_response(row.body(error.message, context.request_id()), row.status)
    this.error_code, this.reason = row.code, (reason := one_line(error.reason))
    if settings.hints:
        ignored = [miss for miss in this.near_misses if miss not in error.reason]
        response.headers["X-Mockcbs-Reason"] = one_line("; ".join([reason, *ignored]))
    return response


def _unavailable(error: BackendError) -> Response:
    """The response when the backend is full or cannot be reached: status 503 with the service's own error.

    The log has the cause.
    """
    log.warning("%s", error)
    this, service = context.current(), registry.service()
    if this.now is None:  # even the clock of the scope may be unavailable
        this.now = context.mock().clocks.everybody.now()
    if service is None:
        return render(Problem(503, "Service Unavailable", str(error)))
    message = service.failures["unavailable"].message
    return _emulated(ApiError(service.unavailable, str(error), message=message))


def _unrouted(error: HTTPException) -> AnyResponse:
    """The response to an unknown path: of the service for which it was meant, otherwise of mockcbs."""
    if isinstance(error, RequestEntityTooLarge):
        return _too_large_form()
    service = registry.service()
    if request.url_rule and not isinstance(error, MethodNotAllowed):
        return _aborted(error, service)
    if service is None and _is_visit():
        context.current().unseen = True
        return redirect(_CONSOLE)
    candidates = _candidates(service)
    context.current().near_misses = candidates
    reason = f"no route for {_target()}; nearest: {' | '.join(candidates) or 'none'}"
    if service is None:
        return render(Problem(404, "Not Found", one_line(reason), nearest=candidates))
    row = service.unknown_method if isinstance(error, MethodNotAllowed) else service.unknown_path
    if published := service.not_emulated(request.method, _path()):
        said = f"mockcbs does not emulate this operation: {published}"
        return _emulated(ApiError(row, said, message=f"{row.message.rstrip('.')}: {said}"))
    return _emulated(ApiError(row, reason))


def _is_visit() -> bool:
    """Whether a browser opened the base URL, and there is a console to redirect to."""
    wants_page = "text/html" in request.headers.get("Accept", "")
    return request.path == "/" and request.method == "GET" and wants_page and context.mock().settings.control


def _aborted(error: HTTPException, service: Service | None) -> Response:
    """The response to an error of Flask or werkzeug in a view, such as an unreadable request."""
    told = str(getattr(error, "data", {}).get("messages") or error.description)
    if service and error.code == HTTPStatus.BAD_REQUEST:
        return _emulated(ApiError(service.wire_problems["malformed request"], told))
    return render(Problem(error.code or 500, error.name, one_line(told)))


def _candidates(service: Service | None) -> list[str]:
    """The routes that the client probably meant: those of the service with the path, otherwise all."""
    path = request.path.rstrip("/")
    if service and (replacement := service.retired.get(path)):
        return [f"{replacement}: {path} is retired; this route has replaced it"]
    routes = cast("Application", current_app).similar_routes(service.name if service else None)
    return routes.nearest(request.method, request.path)


def _target() -> str:
    """The method and the path of the request; a target that is not a path, as it was sent."""
    sent = request.environ.get("REQUEST_URI", "")
    if request.method == "CONNECT":
        return f"CONNECT {sent!r}: mockcbs is not a proxy, so give the client its URL as base URL"
    return f"{request.method} {sent if sent == '*' else repr(_path())}"


def _path() -> str:
    """The path by which the request was routed."""
    routed = registry.recognised_route(request.environ)
    return routed[1] if routed else request.path


def _too_large_form() -> Response:
    """The error for a form whose parts werkzeug rejects."""
    config, service = current_app.config, registry.service()
    reason = (
        f"a form may have {config['MAX_FORM_PARTS']} parts, "
        f"and {config['MAX_FORM_MEMORY_SIZE']} bytes outside of its files"
    )
    if service is None:
        return render(Problem(413, "body too large", reason))
    return _emulated(ApiError(service.wire_problems["body too large"], reason))


def _bug(error: InternalServerError) -> Response:
    """The response to a bug in mockcbs. Flask logs the traceback, and the response never looks like a
    service's error.
    """
    cause = error.original_exception
    detail = f"a bug in mockcbs: {type(cause).__name__}; the log has the traceback"
    return render(Problem(500, "mockcbs failed", detail))
