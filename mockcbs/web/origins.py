"""Detects requests to ``/_mockcbs`` that come from a foreign web page."""

import ipaddress
from collections.abc import Callable

from werkzeug import Request

from mockcbs.web.hosts import name_in


def refusal(request: Request, is_known: Callable[[str], bool]) -> str | None:
    """Why *request* is rejected; `None` if it is accepted.

    Origin and Sec-Fetch-Site show a page of another origin. On a loopback address, Host must be a name of
    this machine or one that *is_known*; another name means DNS rebinding. A request without Host is accepted,
    as HTTP/1.0 allows it and no browser omits it.
    """
    host = request.environ.get("HTTP_HOST")
    name = "localhost" if host is None else name_in(host)
    if name is None:
        return f"Host {host!r} is not HOST or HOST:PORT"
    if _is_loopback(request.environ.get("SERVER_NAME", "")) and not _is_own(name) and not is_known(name):
        return f"Host {host!r} is not a name of this machine; --allow-host accepts more names"
    origin = request.environ.get("HTTP_ORIGIN")
    if origin is not None and not _is_page_of(host or "", origin):
        return f"a page of origin {origin!r} sent this request; only pages of {host} may"
    site = request.environ.get("HTTP_SEC_FETCH_SITE", "none")
    if site not in {"none", "same-origin"} and not _is_followed_link(request):
        return f"a page of another origin sent this request (Sec-Fetch-Site: {site})"
    return None


def _is_followed_link(request: Request) -> bool:
    """Whether the user followed a link. The page with the link cannot read the response."""
    return request.method == "GET" and request.environ.get("HTTP_SEC_FETCH_DEST") == "document"


def _is_page_of(host: str, origin: str) -> bool:
    """Whether *origin* is that of a page of *host*; its scheme is another one if a proxy ends TLS."""
    return origin.lower() in {f"http://{host.lower()}", f"https://{host.lower()}"}


def _is_own(name: str) -> bool:
    return name.endswith(".localhost") or _is_loopback(name)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"
