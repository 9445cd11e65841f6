"""The first hook: it identifies the scope of the request and rejects invalid HTTP."""

import time

from flask import Request, has_app_context
from werkzeug.exceptions import MethodNotAllowed

from mockcbs.core.errors import ApiError
from mockcbs.hooks.observe import is_control
from mockcbs.services import registry
from mockcbs.services.base import WIRE_HINTS, WIRE_STATUS, Service
from mockcbs.web import context
from mockcbs.web.context import Context
from mockcbs.web.problems import Problem


def receive() -> None:
    """Record the service, token, project and scope of the request. Raises an error if it cannot be
    handled.
    """
    asked, this = context.with_request()
    this.started = this.started or time.perf_counter()
    if not this.looked:
        context.mock().refresh()
    if is_control():
        _check_control(this)
    else:
        this.in_flight = context.mock().in_flight.begin()
        this.service = service = registry.service_at(asked) or (
            registry.DEFAULT if this.wire_problem else None
        )
        if service:
            _identify(service, asked, this)
            _check(service, asked, this)
    if this.body_error:
        raise this.body_error
    if asked.method == "HEAD" and asked.endpoint and not _answers_head():
        raise MethodNotAllowed


def release(error: BaseException | None = None) -> None:
    """Note that the request has been answered, or starts over."""
    del error
    if has_app_context() and (call := context.current().in_flight):
        context.mock().in_flight.end(call)


def _answers_head() -> bool:
    service = registry.service()
    return service is not None and service.answers_head


def _identify(service: Service, asked: Request, this: Context) -> None:
    this.token = service.token(asked.environ)
    this.project = service.project_in(asked.path)
    stated = this.scope if this.unseen else None
    this.scope = this.project or stated or registry.scope_of_token(this.token, context.mock().settings.secret)


def _check_control(this: Context) -> None:
    if problem := this.wire_problem:
        raise Problem(WIRE_STATUS[problem], problem, this.wire_reason or WIRE_HINTS[problem])


def _check(service: Service, asked: Request, this: Context) -> None:
    """Reject a request that is not valid HTTP, or larger than *service* accepts. Raises `ApiError`."""
    problem = this.wire_problem
    if not problem and (asked.content_length or 0) > service.max_body_at(asked.path):
        problem = "body too large"
    if problem:
        row, hint = service.wire_problems[problem], WIRE_HINTS[problem]
        if problem == "body too large":
            row = service.too_large.get(asked.path.rstrip("/"), row)
            hint = f"the body has more than {service.max_body_at(asked.path):,} bytes, the limit here"
        raise ApiError(row, this.wire_reason or hint)
