"""Forwards requests of the recorder to a single server, exactly as the client sent them."""

import re
import zlib
from collections.abc import Sequence
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from werkzeug import Request
from werkzeug.exceptions import BadRequest

from mockcbs.exchanges.file import FRAMING

MAX_BODY = 16 * 2**20
"""Larger bodies pass through, but are not recorded."""
_LENGTH, _METHOD = re.compile(r"[0-9]{1,18}"), re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}")
NOT_FORWARDED = FRAMING | {"host", "accept-encoding"}
NOT_RETURNED = FRAMING | {"content-encoding"}
"""Headers of a response that describe the encoding of its body; the body is passed on decoded."""


class BadRequestError(Exception):
    """A request that no HTTP server must accept; its text is the reason."""


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


def target(sent: str) -> str:
    """The path and query of a request line with a path or a URL.

    Raises `BadRequestError` for another target.
    """
    if sent.startswith("/"):
        return sent
    parts = urlsplit(sent)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise BadRequestError("the target of the request is not a path and not a URL")
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def body_of(request: Request, lengths: Sequence[str] | None) -> bytes:
    """The body of a request with these headers Content-Length. It must have one meaning only (RFC 9112 6.3).

    Raises `BadRequestError`.
    """
    coding = request.headers.get("Transfer-Encoding")
    if lengths and (coding is not None or len(lengths) > 1):
        raise BadRequestError("the length of the body is stated more than once")
    if lengths and not _LENGTH.fullmatch(lengths[0]):
        raise BadRequestError(f"Content-Length {lengths[0]!r} is not a number")
    if coding is not None and coding.lower() != "chunked":
        raise BadRequestError(f"Transfer-Encoding {coding!r} is not chunked")
    if not _METHOD.fullmatch(request.method):
        raise BadRequestError(f"{request.method!r} is not a method")
    try:
        return request.get_data()
    except (OSError, BadRequest) as error:
        raise BadRequestError("the body breaks off, or its chunks are wrong") from error


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
