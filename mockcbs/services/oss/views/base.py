"""The blueprint of all routes of OSS, and helpers of their responses."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote, unquote
from xml.etree.ElementTree import Element

from flask import Response, request

from mockcbs.core.clock import iso
from mockcbs.services.oss import account, xml
from mockcbs.services.oss.errors import argument, error
from mockcbs.web import bodies, documented
from mockcbs.web.arguments import Blueprint

_View = TypeVar("_View", bound=Callable[..., Any])

_RESPONSES = "mockcbs.services.oss.responses."
"""The module with the schemas that are named here; only documents import it, to keep the start fast."""


class _OssBlueprint(Blueprint):
    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: Any = None, *args: Any, **options: Any
    ) -> None:
        """Adapt a route to the paths of `mockcbs.services.oss.target.routed_path`, which encode names."""
        super().add_url_rule(rule, endpoint, _decoded(view_func), *args, **options)

    def answers(
        self, schema: str = "", status: int = 200, content_type: str = ""
    ) -> Callable[[_View], _View]:
        """Document a successful response: the root of its XML, another content type, or an empty body."""
        if content_type:
            binary = {"type": "string", "format": "binary"}
            return self.alt_response(status, schema=binary, content_type=content_type)
        if not schema:
            return self.alt_response(status, description="An empty body.")
        return self.alt_response(status, schema=f"{_RESPONSES}{schema}", content_type="application/xml")

    def reads(self, *parameters: dict[str, Any], body: str = "", root: str = "") -> Callable[[_View], _View]:
        """Document the parameters of a request, and its body: a content type or XML."""
        if root:
            return self.documented(
                parameters=list(parameters),
                requestBody=documented.body(f"{_RESPONSES}{root}", "application/xml"),
            )
        if body:
            binary = {"type": "string", "format": "binary"}
            return self.documented(
                parameters=list(parameters), requestBody=documented.body(binary, body, example="a,b\n1,2\n")
            )
        return self.documented(parameters=list(parameters))


def _decoded(view: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(view)
    def decoded(**names: str) -> Any:
        for text in names.values():
            if "?" in text:  # the route has this part, but not with this method
                reason = f"{request.method} is not emulated of {text.partition('?')[2]}"
                raise error("MethodNotAllowed", reason, Method=request.method)
        return view(**{name: unquote(text, errors="surrogateescape") for name, text in names.items()})

    return decoded


blp = _OssBlueprint("oss", __name__, subdomain="oss")


def xml_response(root: str, content: xml.Value) -> Response:
    """A response that is an XML document."""
    return Response(xml.document(root, content), content_type="application/xml")


def empty(status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A response without a body."""
    response = Response(None, status, headers)
    response.headers.pop("Content-Type", None)
    return response


def xml_body(root: str) -> Element:
    """The XML of the current request; raises MalformedXML."""
    if (request.content_length or 0) > xml.MAX_BODY:
        raise error(
            "MalformedXML", f"the body has {request.content_length} bytes; accepted are {xml.MAX_BODY}"
        )
    try:
        return xml.parsed(b"".join(bodies.pieces(request)), root)
    except xml.XMLInputError as problem:
        raise error("MalformedXML", str(problem)) from None


def owner() -> dict[str, str]:
    """The owner of all buckets and objects."""
    return {"ID": account.OWNER, "DisplayName": account.OWNER}


def when(at: int) -> str:
    """A time (ms UTC) in the XML format of OSS: ``2024-02-21T08:39:26.000Z``."""
    return iso(at // 1000 * 1000, timespec="milliseconds")


def number(name: str, default: int, lowest: int, highest: int) -> int:
    """A whole number in the query; raises InvalidArgument."""
    text = request.args.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or len(text) > 9 or not lowest <= int(text) <= highest:
        raise argument(name, text, f"{lowest} to {highest}")
    return int(text)


def encoder() -> Callable[[str], str]:
    """The encoding of names in a list: percent-encoding if the client requests it, else none."""
    encoding = request.args.get("encoding-type", "")
    if encoding not in {"", "url"}:
        raise argument("encoding-type", encoding, "url")
    return (lambda name: quote(name, safe="")) if encoding else str
