"""``/_mockcbs/explain``: the turns and the formula behind every figure of a statistics response."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from importlib import import_module
from typing import Any, cast

from flask import Flask, current_app, request
from marshmallow import ValidationError

from mockcbs.control.samples import authorized, routed
from mockcbs.control.schemas import ScopeQuery, whole
from mockcbs.control.views import blp
from mockcbs.core.clock import LATEST
from mockcbs.core.errors import ApiError
from mockcbs.core.fields import Field
from mockcbs.core.files import text
from mockcbs.core.spelling import not_one_of
from mockcbs.core.urls import encoded
from mockcbs.samples.languages import curl
from mockcbs.samples.request import Request
from mockcbs.services import registry
from mockcbs.services.base import Service
from mockcbs.services.explaining import Explained, Explainer
from mockcbs.state import State
from mockcbs.web import context
from mockcbs.web.context import Context
from mockcbs.web.problems import Problem
from mockcbs.web.wsgi import Application

_MAX_REQUEST = 8192
"""The maximum length of a request to explain, in characters."""
_MAX_NAMED = 20
"""The maximum number of figures that an error message names."""
_PAGE_TOKEN = re.compile(r"([0-9]{1,15})-([0-9]{1,15})")


class PageToken(Field[tuple[int, int]]):
    """The first item of a page, and the time (ms UTC) for which all pages are computed."""

    def documented(self) -> dict[str, Any]:
        """The field in OpenAPI."""
        return {"type": "string"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[int, int]:
        del attr, data, kwargs
        found = _PAGE_TOKEN.fullmatch(value)
        if found is None or int(found[2]) > LATEST:
            raise ValidationError(f"{value!r} is not the next_page_token of an earlier page")
        return int(found[1]), int(found[2])


class ExplainQuery(ScopeQuery):
    """The figure to explain."""

    request = text(
        _MAX_REQUEST,
        1,
        required=True,
        metadata={"description": "Path and query of a statistics request, percent-encoded."},
    )
    figure = text(
        256, 1, metadata={"description": "Such as total.session_count; without it all figures are listed."}
    )
    page_size = whole(
        1, 1000, load_default=100, metadata={"description": "The number of turns or figures on a page."}
    )
    page_token = PageToken(metadata={"description": "The `next_page_token` of the previous page."})


@blp.get("/explain")
@blp.arguments(ExplainQuery, location="query")
@blp.answers(200, "explanations.ExplanationPage")
def explain(query: dict[str, Any]) -> dict[str, Any]:
    """Explain a figure of a statistics response: its turns, its formula, and the turns that it leaves out."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - documented
    found = explanation(
        app,
        query["request"],
        query.get("figure"),
        page=query.get("page_token"),
        page_size=query["page_size"],
        scope=query["scope"],
    )
    return {**found, "curl": None if query["scope"] else _curl(found["request"], app)}


def _curl(target: str, app: Flask) -> str:
    """A curl command that sends the request, with the configured credentials."""
    sent = Request("GET", f"{request.host_url.rstrip('/')}{target.removeprefix('GET ')}", {}, "")
    return curl(authorized(routed(sent, app), app.extensions["mockcbs"]))


def explanation(
    app: Flask,
    target: str,
    figure: str | None = None,
    *,
    page: tuple[int, int] | None = None,
    page_size: int = 100,
    scope: str | None = None,
) -> dict[str, Any]:
    """One page of the explanation of a figure, or of the figures of the response if none is named.

    *target* is path and query of the request. *page* has the index of the first item, and the time (ms UTC)
    of the first page. Raises `Problem` if the request is not a statistics request or is rejected, and if the
    response has no such figure.
    """
    start, at = page or (0, None)
    with _as_request(app, target):
        service, explainer = _explainer(app)
        this = _enter(app.extensions["mockcbs"], service, scope, at)
        found = _explained(explainer, service)
        if figure is None:
            shown = _figures(found, start, page_size)
        else:
            shown = _figure(found, figure, start, page_size)
        end = start + page_size
        return {
            "request": f"GET {request.full_path if request.query_string else request.path}",
            "operation": request.endpoint,
            "at_ms": context.now(),
            "remarks": this.near_misses,
            **shown,
            "next_page_token": f"{end}-{context.now()}" if end < shown["count"] else None,
        }


@contextmanager
def _as_request(app: Flask, target: str) -> Iterator[None]:
    """The context of a request for *target*, separate from the current request."""
    path = target.removeprefix("GET ").strip()
    if "://" in path:
        path = "/" + path.partition("://")[2].partition("/")[2]
    if not path.startswith("/"):
        raise _refusal(f"{target!r} is not a path with a query, such as {_accepted(app)[0]}?interval=day")
    with app.app_context(), app.test_request_context(encoded(path)):
        yield


def _explainer(app: Flask) -> tuple[Service, Explainer]:
    """The function that explains the current request, and the service of that request."""
    service = registry.service_at(request)
    found = _explainers(service).get(request.endpoint or "") if service else None
    if service is None or found is None or request.routing_exception:
        raise _refusal(
            f"{request.path!r} is not a statistics request; accepted are {', '.join(_accepted(app))}"
        )
    return service, found


def _explainers(service: Service) -> Mapping[str, Explainer]:
    found: Mapping[str, Explainer] = import_module(service.explains).EXPLAINERS if service.explains else {}
    return found


def _accepted(app: Flask) -> list[str]:
    """The paths of all requests that can be explained."""
    known = {name for service in registry.services() for name in _explainers(service)}
    return sorted({rule.rule for rule in cast("Application", app).rules() if rule.endpoint in known})


def _enter(mock: State, service: Service, scope: str | None, at: int | None) -> Context:
    """Give the current request the scope *scope*, and the time of the first page."""
    this = context.current()
    this.service = service
    this.project = service.project_in(request.path)
    if this.project and scope not in {None, this.project}:
        raise _refusal(f"its path names project {this.project}; leave out project and token")
    default = service.default_scope(mock.settings) if service.default_scope else None
    this.scope = this.project or scope or default
    this.now = now = mock.clock_of(this.scope).now()
    if at is not None:
        if at > now:
            raise Problem(400, "Bad Request", "page_token: the clock was set back since; begin again")
        this.now = at
    return this


def _explained(explainer: Explainer, service: Service) -> Explained:
    """The response to the current request, with the data that explain it."""
    functions = current_app.url_value_preprocessors.get(service.name, ())
    for function in functions:
        function(request.endpoint, request.view_args)
    try:
        return explainer()
    except ApiError as error:
        row = error.spec
        raise _refusal(f"{service.title} refuses it: {row.status} {row.code}, {error.reason}") from error


def _refusal(why: str) -> Problem:
    return Problem(400, "Bad Request", f"request: {why}")


def _figures(found: Explained, start: int, size: int) -> dict[str, Any]:
    """A page of the figures of a response."""
    names = found.figures[start : start + size]
    return {
        "count": len(found.figures),
        "figures": [{"figure": name, "value": found.value(name)} for name in names],
    }


def _figure(found: Explained, figure: str, start: int, size: int) -> dict[str, Any]:
    """A page of the turns behind one figure of a response."""
    if figure not in found.figures:
        raise Problem(400, "Bad Request", f"figure: {_unknown(figure, found.figures)}")
    why = found.explain(figure)
    return {
        "figure": figure,
        "value": found.value(figure),
        "formula": why.formula,
        "calculation": why.calculation,
        "count": len(why.rows),
        "turns": found.turns(why.rows[start : start + size]),
        "left_out": [asdict(left) for left in why.left_out],
    }


def _unknown(figure: str, figures: Sequence[str]) -> str:
    if not figures:
        return f"{figure!r} is not in the response, which has no figures"
    more = f" and {len(figures) - _MAX_NAMED} more" if len(figures) > _MAX_NAMED else ""
    return f"{not_one_of(figure, figures[:_MAX_NAMED])}{more}"
