"""Forwards requests of the recorder to a single server, exactly as the client sent them."""

import zlib
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests

from mockcbs.exchanges.file import FRAMING

MAX_BODY = 16 * 2**20
"""Larger bodies pass through, but are not recorded."""
NOT_FORWARDED = FRAMING | {"host", "accept-encoding"}
NOT_RETURNED = FRAMING | {"content-encoding"}
"""Headers of a response that describe the encoding of its body; the body is passed on decoded."""


class Session(requests.Session):
    """A session that sends requests exactly as the client sent them."""

    def __init__(self) -> None:
        super().__init__()
        self.headers.clear()
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.auth = _as_it_is
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter())

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Follow no redirect: the client does that; requests would read the body."""
        del resp
        return None


class _Adapter(requests.adapters.HTTPAdapter):
    """Keeps slashes at the beginning of a path; requests would merge them."""

    def request_url(self, request: requests.PreparedRequest, proxies: Any) -> str:
        """The target for the request line."""
        url = super().request_url(request, proxies)
        return request.path_url if url.startswith("/") else url


def target(sent: str) -> str | None:
    """The path and query of a request line with a path or a URL; `None` for other targets."""
    if sent.startswith("/"):
        return sent
    parts = urlsplit(sent)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def connection_headers(connection: str) -> frozenset[str]:
    """The headers for the next server only, named in Connection (RFC 9110 7.6.1)."""
    return frozenset(name.strip().lower() for name in connection.split(","))


def decoded(body: bytes, coding: str) -> bytes | None:
    """The decoded body of a request; `None` if it cannot be decoded or is too large."""
    if coding.lower() in {"", "identity"}:
        return body
    bits = {"gzip": 31, "x-gzip": 31, "deflate": 15}.get(coding.lower())
    if bits is None:
        return None
    reader = zlib.decompressobj(bits)
    try:
        content = reader.decompress(body, MAX_BODY)
    except zlib.error:
        return None
    return content if reader.eof else None


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Add no credentials from files of this machine."""
    return request
