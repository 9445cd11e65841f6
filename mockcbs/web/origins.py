"""Detects requests to ``/_mockcbs`` that come from a foreign web page."""

import ipaddress
from collections.abc import Callable
from urllib.parse import urlsplit

from werkzeug import Request

_LOOPBACK_NAMES = ("localhost", ".localhost")


def refusal(request: Request, is_known: Callable[[str], bool]) -> str | None:
    """Why *request* is rejected; `None` if it is accepted.

    Origin and Sec-Fetch-Site show a page of another origin. On a loopback address, Host must be a name of
    this machine or one that *is_known*; another name means DNS rebinding.
    """
    host = request.environ.get("HTTP_HOST", "")
    local, name = _is_loopback(request.environ.get("SERVER_NAME", "")), _name(host)
    if local and not _is_own(name) and not is_known(name):
        return f"Host {host!r} is not a name of this machine; --allow-host accepts more names"
    origin = request.environ.get("HTTP_ORIGIN")
    if origin is not None and origin.lower().partition("://")[2] != host.lower():
        return f"a page of origin {origin!r} sent this request; only pages of {host} may"
    site = request.environ.get("HTTP_SEC_FETCH_SITE", "none")
    if site in {"cross-site", "same-site"} and not _is_followed_link(request):
        return f"a page of another origin sent this request (Sec-Fetch-Site: {site})"
    return None


def _is_followed_link(request: Request) -> bool:
    """Whether the user followed a link. The page with the link cannot read the response."""
    return request.method == "GET" and request.environ.get("HTTP_SEC_FETCH_DEST") == "document"


def _name(host: str) -> str:
    """*host* without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_own(name: str) -> bool:
    return name.endswith(_LOOPBACK_NAMES) or _is_loopback(name)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"
