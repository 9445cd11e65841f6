"""Pages of other origins (CORS): preflights and response headers of services that allow them."""

from flask import Response, request

from mockcbs.services import registry

_METHODS = "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS"
_HEADERS = "*,Authorization"
"""Browsers do not count Authorization among ``*``."""
_SHOWN_AS_PAGES = {"document", "embed", "frame", "iframe", "object"}
"""What a browser calls the places where it runs a response as a page (Sec-Fetch-Dest)."""
_MAX_AGE = "43200"
"""Seconds a browser remembers the answer."""


def preflight() -> Response | None:
    """Answer a browser that asks whether a page may call the service; before credentials and faults."""
    service = registry.service()
    asks = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
    if service is None or not service.cross_origin or not asks or "Origin" not in request.headers:
        return None
    response = Response(status=204)
    response.headers["Access-Control-Allow-Methods"] = _METHODS
    response.headers["Access-Control-Allow-Headers"] = _HEADERS
    response.headers["Access-Control-Max-Age"] = _MAX_AGE
    return response


def keep_apart(response: Response) -> Response:
    """Give a page of a service an origin of its own: what a client stored must not act as a page of ours.

    An object of a bucket may be HTML with a script, and lies on the host of the console.
    """
    if registry.service() is not None and request.environ.get("HTTP_SEC_FETCH_DEST") in _SHOWN_AS_PAGES:
        response.headers["Content-Security-Policy"] = "sandbox"
    return response


def allow(response: Response) -> Response:
    """Let the page that called read the response, if the service lets any page call it."""
    service = registry.service()
    if service is not None and service.cross_origin and "Origin" in request.headers:
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response
