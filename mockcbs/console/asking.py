"""Reads through the code of the API, with the response of a client, but without a journal entry."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask, Response, current_app, request
from marshmallow import ValidationError
from werkzeug.test import EnvironBuilder

from mockcbs.control.explain import PageToken, explanation
from mockcbs.control.samples import authorized, routed, samples
from mockcbs.samples.request import Request
from mockcbs.services import registry
from mockcbs.state import State
from mockcbs.web import context
from mockcbs.web.context import KEY, Context
from mockcbs.web.json import PacedStream
from mockcbs.web.problems import Problem

MAX_REQUESTS = 100
"""The maximum number of requests in one call."""
PAGE_SIZE = 50
"""The number of turns on one page of an explanation."""

_NO_ID = "0" * 32
"""The request id of these reads; a new id would change the ids that clients get."""


def answers(asked: Any) -> Response:
    """The responses to the requests in *asked*, one after the other; raises `Problem`.

    They are computed while they are sent, so that other clients are served in between.
    """
    targets = asked.get("requests") if isinstance(asked, dict) else None
    if not isinstance(targets, list) or not all(map(_is_target, targets)):
        raise Problem(400, "Bad Request", 'send {"requests": ["/PATH?QUERY", …]}, percent-encoded')
    if len(targets) > MAX_REQUESTS:
        raise Problem(400, "Bad Request", f"{len(targets)} requests, more than {MAX_REQUESTS}")
    scope = asked.get("scope")
    pieces = _pieces(_app(), targets, scope if isinstance(scope, str) else None, request.host_url)
    return Response(PacedStream(pieces), mimetype="application/json", direct_passthrough=True)


def _is_target(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("/") and value.isascii() and value.isprintable()


def _pieces(app: Flask, targets: list[str], scope: str | None, host_url: str) -> Iterator[bytes]:
    """The JSON of all responses, in pieces."""
    yield b'{"responses":['
    for place, target in enumerate(targets):
        with app.app_context():  # the current request has ended before the later responses are made
            response = ask(target, scope, host_url)
        reason = response.headers.get("X-Mockcbs-Reason")
        shown = {
            "status": response.status_code,
            "body": response.get_data(as_text=True),
            "reason": reason,
        }
        yield (("," if place else "") + json.dumps(shown)).encode()
    yield b"]}"


def ask(target: str, scope: str | None, host_url: str) -> Response:
    """The response to ``GET`` *target* (path and query) with the mock's own credentials.

    Scenarios do not affect it. *scope* selects the traffic if the path names no project; the default is the
    scope of the configured credentials.
    """
    app, (path, _, query) = _app(), target.partition("?")
    headers = list(_authorized(target, host_url).headers.items())
    environ = EnvironBuilder(path=path, query_string=query, headers=headers).get_environ()
    environ[KEY] = Context(unseen=True, scope=scope, request_id=_NO_ID)
    with app.app_context(), app.request_context(environ):
        response: Response = app.full_dispatch_request()
        response.get_data()
        return response


def _authorized(target: str, host_url: str) -> Request:
    """``GET`` *target* with the configured credentials, as a client of this mock sends it."""
    sent = Request("GET", f"{host_url.rstrip('/')}{target}")
    return authorized(routed(sent, _app()), context.mock())


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - documented
    return app


def explained(asked: Mapping[str, str]) -> dict[str, Any]:
    """The explanation of a figure, with code for its call if the configured credentials allow the call."""
    mock, target, scope = context.mock(), asked.get("request", ""), asked.get("scope") or None
    try:
        page = PageToken().deserialize(asked["page_token"]) if "page_token" in asked else None
    except ValidationError as error:
        raise Problem(400, "Bad Request", f"page_token: {error}") from error
    found = explanation(_app(), target, asked.get("figure"), page=page, page_size=PAGE_SIZE, scope=scope)
    return {
        **found,
        "samples": samples(_authorized(target, request.host_url), mock) if _is_ours(scope, mock) else [],
    }


def _is_ours(scope: str | None, mock: State) -> bool:
    """Whether the configured credentials give access to *scope*: any project, and their own account."""
    if scope is None or not scope.startswith("token:"):
        return True
    defaults = (service.default_scope for service in registry.services())
    return scope in {default(mock.settings) for default in defaults if default}
