"""Cross-origin requests (CORS): preflights and response headers of services that allow them."""

from flask import Response

from mockcbs.services import registry
from mockcbs.web import context

_METHODS = "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS"
_HEADERS = "*,Authorization"
"""The allowed headers. Browsers do not include Authorization in ``*``."""
_SHOWN_AS_PAGES = {"document", "embed", "frame", "iframe", "object"}
"""The values of Sec-Fetch-Dest for which a browser runs a response as a page."""
_MAX_AGE = "43200"
"""The time that a browser stores the response to a preflight, in s."""


def preflight() -> Response | None:
    """Respond to a preflight request, before credentials and faults."""
    service, request = registry.service(), context.asked()
    asks = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
    if service is None or not service.cross_origin or not asks or "Origin" not in request.headers:
        return None
    response = Response(status=204)
    response.headers["Access-Control-Allow-Methods"] = _METHODS
    response.headers["Access-Control-Allow-Headers"] = _HEADERS
    response.headers["Access-Control-Max-Age"] = _MAX_AGE
    return response


def keep_apart(response: Response) -> Response:
    """Give a page of a service its own origin: HTML that a client stored must not act as a page of mockcbs.

    An object of a bucket may be HTML with a script, and has the same host as the console.
    """
    destination = context.asked().environ.get("HTTP_SEC_FETCH_DEST")
    if destination in _SHOWN_AS_PAGES and registry.service() is not None:
        response.headers["Content-Security-Policy"] = "sandbox"
    return response


def allow(response: Response) -> Response:
    """Let the calling page read the response, if the service allows any page to call it."""
    service = registry.service()
    if service is not None and service.cross_origin and "Origin" in context.asked().headers:
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response
