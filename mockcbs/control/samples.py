"""``/_mockcbs/samples``: code that sends a request, in several languages and with the vendors' SDKs."""

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from flask import Flask, current_app, request
from flask import Request as HTTPRequest
from marshmallow import ValidationError, fields, validates_schema
from werkzeug.exceptions import HTTPException

from mockcbs.control.schemas import ScopeQuery, whole
from mockcbs.control.views import blp
from mockcbs.core import masking
from mockcbs.core.files import StrictSchema, text
from mockcbs.journal.entry import Entry
from mockcbs.journal.selection import Selection
from mockcbs.samples.languages import LANGUAGES, Language
from mockcbs.samples.request import Request
from mockcbs.services import registry
from mockcbs.state import State
from mockcbs.traffic.periods import DAY
from mockcbs.web import context
from mockcbs.web.problems import Problem

_PATH = "/:@!$&'()*+,;=~"
"""Characters that are not percent-encoded in a path."""
_MAX_URL, _MAX_BODY = 65_536, 1_000_000
"""The maximum lengths of a URL and a body, in characters."""


def samples(sent: Request, mock: State) -> list[dict[str, str]]:
    """Code for the request *sent* in several languages, each with its title and the name for highlighters."""
    shown = sent.plain()
    return [
        {"language": one.name, "title": one.title, "highlight": one.highlight, "code": one.write(shown)}
        for one in (*LANGUAGES, *_sdk(shown, mock))
    ]


def _sdk(sent: Request, mock: State) -> Iterator[Language]:
    """The SDK of the service of *sent*, if it has a method for the operation."""
    service = registry.service_of(sent.operation, "", "") if sent.operation else None
    if service is None or service.samples is None:
        return
    sdk = import_module(service.samples).SDK
    if code := sdk.write(sent, mock.settings):
        yield Language("sdk", sdk.package, "python", lambda _: code)


def routed(sent: Request, app: Flask) -> Request:
    """*sent* with its operation and the parameters in its path."""
    adapter = app.create_url_adapter(HTTPRequest(sent.environ()))
    if adapter is None:
        return sent
    try:
        endpoint, names = adapter.match()
    except HTTPException:  # a redirect is a routing exception, too
        return sent
    service = registry.service_of(endpoint, "", "")
    encoded = service is not None and service.routed_path is not None
    values = {name: unquote(value) if encoded else value for name, value in names.items()}
    return replace(sent, operation=endpoint, names=values)


def authorized(sent: Request, mock: State) -> Request:
    """*sent* with valid credentials, if the service of its operation requires some."""
    service = registry.service_of(sent.operation, "", "") if sent.operation else None
    return service.authorize(mock, sent) if service and service.authorize else sent


def of_entry(entry: Entry, base_url: str, app: Flask, mock: State) -> Request:
    """The request of a journal entry, with valid credentials in place of masked secrets."""
    sent = entry.as_dict()["request"]
    query = "&".join(
        one for one in entry.shown_query.split("&") if not masking.is_secret(one.partition("=")[0])
    )
    headers = {name: value for name, value in sent["headers"].items() if not masking.is_secret(name)}
    url = f"{base_url}{quote(sent['path'], safe=_PATH)}{'?' if query else ''}{query}"
    method_and_url = Request(entry.method, url, headers, sent["body"])
    return authorized(replace(routed(method_and_url, app), operation=entry.operation or ""), mock)


def example_of(operation: str, base_url: str, mock: State) -> Request:
    """The example of an operation from the documents, with credentials. Raises `Problem` for an unknown
    operation.
    """
    from mockcbs.control.openapi.document import document  # noqa: PLC0415 - made when first asked for
    from mockcbs.control.openapi.requests import request_of  # noqa: PLC0415

    now = mock.clock.now()
    whole = document(registry.services(), blp, now - now % DAY)
    try:
        return authorized(request_of(whole, operation.replace(".", "_"), base_url), mock)
    except KeyError:
        raise Problem(404, "Not Found", f"no operation {operation!r}; `mockcbs routes` lists them") from None


class SampleQuery(ScopeQuery):
    """The request to write code for: a journal entry or an operation."""

    entry = whole(0, 2**53, metadata={"description": "The id of a journal entry."})
    operation = text(
        256, 1, metadata={"description": "The operation whose example is used: its name or its operationId."}
    )

    @validates_schema
    def _one_request(self, data: dict[str, Any], **_: Any) -> None:
        if ("entry" in data) == ("operation" in data):
            raise ValidationError("give entry or operation")


class _Url(fields.String):
    """A URL of this mock."""

    def documented(self) -> dict[str, Any]:
        """The field in OpenAPI."""
        return {"format": "uri", "maxLength": _MAX_URL}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        found = str(super()._deserialize(value, attr, data, **kwargs))
        try:
            parts = urlsplit(found)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in {"http", "https"} or not parts.netloc or not found.isascii():
            raise ValidationError(f"{found[:200]!r} is not a URL such as http://127.0.0.1:8021/v1/users/me")
        return found


class SampleRequest(StrictSchema):
    """The request to write code for."""

    method = text(16, 1, load_default="GET")
    url = _Url(required=True)
    headers = fields.Dict(keys=text(256, 1), values=text(_MAX_URL), load_default=dict)
    body = text(_MAX_BODY, load_default="")


class UnsignedRequest(SampleRequest):
    """The request to add credentials to."""

    operation = text(
        256,
        load_default="",
        metadata={"description": "The service of the request; by default the one with this path."},
    )


@blp.get("/samples")
@blp.arguments(SampleQuery, location="query")
@blp.answers(200, "calls.Samples")
@blp.refuses(404, "The journal has no such call, or the mock no such operation.")
def read_samples(query: dict[str, Any]) -> dict[str, Any]:
    """Code for a request of the journal, or for the example of an operation, with valid credentials."""
    mock, base_url = context.mock(), request.host_url.rstrip("/")
    if "operation" in query:
        return {"samples": samples(example_of(query["operation"], base_url, mock), mock)}
    page = mock.journal.page(Selection(None, query["scope"]), 1, query["entry"] + 1)
    if not page.entries or page.entries[0].id != query["entry"]:
        raise Problem(404, "Not Found", f"the journal has no call {query['entry']}")
    sent = of_entry(page.entries[0], base_url, current_app, mock)
    return {"samples": samples(sent, mock)}


@blp.post("/samples")
@blp.arguments(SampleRequest, location="json")
@blp.answers(200, "calls.Samples")
def samples_of_request(body: dict[str, Any]) -> dict[str, Any]:
    """Code that sends the given request."""
    sent = Request(body["method"].upper(), body["url"], body["headers"], body["body"])
    return {"samples": samples(routed(sent, current_app), context.mock())}


@blp.post("/authorize")
@blp.arguments(UnsignedRequest, location="json")
@blp.answers(200, "calls.AuthorizedRequest")
def authorize(body: dict[str, Any]) -> dict[str, Any]:
    """The request with valid credentials. Signatures are made for each request anew."""
    sent = Request(body["method"].upper(), body["url"], body["headers"], body["body"], body["operation"])
    made = authorized(sent if sent.operation else routed(sent, current_app), context.mock())
    return {"url": made.url, "headers": dict(made.headers)}
