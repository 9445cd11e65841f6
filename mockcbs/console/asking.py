"""What a client would get: a read through the very code of the API, which leaves no trace in the journal."""

from collections.abc import Mapping
from typing import Any

from flask import Response, current_app
from werkzeug.test import EnvironBuilder

from mockcbs.services import registry
from mockcbs.state import State
from mockcbs.web import context
from mockcbs.web.context import KEY, Context
from mockcbs.web.problems import Problem

MAX_REQUESTS = 100
"""Requests that are answered together."""

_NO_ID = "0" * 32
"""In place of a request id, as giving one would change the ids that clients get."""


def ask(target: str, scope: str | None = None) -> Response:
    """The response to ``GET`` *target* (path and query) with the mock's own credentials.

    No fault of a scenario meets it. *scope* is whose traffic is meant if the path names no project; by
    default that of the configured credentials.
    """
    app, mock = current_app, context.mock()
    path, _, query = target.partition("?")
    service = registry.service_of(None, "", path)
    headers = _credentials(service.name, mock) if service else {}
    environ = EnvironBuilder(path=path, query_string=query, headers=list(headers.items())).get_environ()
    environ[KEY] = Context(unseen=True, scope=scope, request_id=_NO_ID)
    with app.app_context(), app.request_context(environ):
        response: Response = app.full_dispatch_request()
        response.get_data()
        return response


def _credentials(name: str, mock: State) -> Mapping[str, str]:
    example = registry.named(name).example
    return example(mock).headers if example else {}


def answers(asked: Any) -> list[dict[str, Any]]:
    """The responses to the requests of *asked*; raises `Problem`."""
    targets = asked.get("requests") if isinstance(asked, dict) else None
    if not isinstance(targets, list) or not all(isinstance(one, str) for one in targets):
        raise Problem(400, "Bad Request", 'send {"requests": ["PATH?QUERY", …]}')
    if len(targets) > MAX_REQUESTS:
        raise Problem(400, "Bad Request", f"{len(targets)} requests, more than {MAX_REQUESTS}")
    scope = asked.get("scope")
    return [_answer(target, scope if isinstance(scope, str) else None) for target in targets]


def _answer(target: str, scope: str | None) -> dict[str, Any]:
    response = ask(target, scope)
    reason = response.headers.get("X-Mockcbs-Reason")
    return {"status": response.status_code, "body": response.get_data(as_text=True), "reason": reason}
