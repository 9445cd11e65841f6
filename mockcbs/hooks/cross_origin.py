"""Pages of other origins (CORS): preflights and response headers of services that allow them."""

from flask import Response, request

from mockcbs.services import registry

_METHODS = "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS"
_HEADERS = "*,Authorization"
"""Browsers do not count Authorization among ``*``."""
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


def allow(response: Response) -> Response:
    """Let the page that called read the response, if the service lets any page call it."""
    service = registry.service()
    if service is not None and service.cross_origin and "Origin" in request.headers:
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response
