"""How the recorder passes requests on: as the client sent them, to one server only."""

import zlib
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests

MAX_BODY = 16 * 2**20
"""Larger bodies pass, and are not recorded."""
_HOP_BY_HOP = frozenset(
    "connection keep-alive proxy-authenticate proxy-authorization te trailer trailers transfer-encoding "
    "upgrade".split()
)
NOT_FORWARDED = _HOP_BY_HOP | {"host", "content-length", "accept-encoding"}
NOT_RETURNED = _HOP_BY_HOP | {"content-length", "content-encoding"}
"""Of a response; its body is passed on decoded."""


class Session(requests.Session):
    """Requests that go out as the client sent them."""

    def __init__(self) -> None:
        super().__init__()
        self.headers.clear()
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.auth = _as_it_is
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter())

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Redirects are the client's to follow; requests would read their bodies."""
        del resp
        return None


class _Adapter(requests.adapters.HTTPAdapter):
    """Keeps slashes at the beginning of a path, which requests makes one."""

    def request_url(self, request: requests.PreparedRequest, proxies: Any) -> str:
        """The target in the request line."""
        url = super().request_url(request, proxies)
        return request.path_url if url.startswith("/") else url


def target(sent: str) -> str | None:
    """The path and query of a request line, which may hold a whole URL; `None` if it holds neither."""
    if sent.startswith("/"):
        return sent
    parts = urlsplit(sent)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def connection_headers(connection: str) -> frozenset[str]:
    """The headers that are for the next server only, as Connection names them (RFC 9110 7.6.1)."""
    return frozenset(name.strip().lower() for name in connection.split(","))


def decoded(body: bytes, coding: str) -> bytes | None:
    """A request's body without its coding; `None` if it cannot be read, or is too large."""
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
    """No credentials but the client's own, whatever files of credentials this machine has."""
    return request
