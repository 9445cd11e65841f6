"""The guard of an active mock: calls that it does not handle cannot leave the machine by mistake."""

import http.client
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from ipaddress import ip_address
from threading import local
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from mockcbs.testing.hosts import real, refusal

_guards: list["Guard"] = []
"""The guards of active mocks; the last one applies."""
_patches = ExitStack()
_passed = local()
"""Whether urllib is making a call in this thread, so that its `http.client` may connect to a proxy."""


class Guard:
    """Refuses calls of urllib, `http.client` and httpx, except to this machine and to *passthrough* URLs."""

    def __init__(self, passthrough: tuple[str, ...]) -> None:
        self._passthrough = passthrough

    def start(self) -> None:
        """Start to refuse calls."""
        if not _guards:
            _install()
        _guards.append(self)

    def stop(self) -> None:
        """Stop to refuse calls, unless another mock is active."""
        _guards.remove(self)
        if not _guards:
            _patches.close()

    def refusal(self, url: str, advice: str) -> str | None:
        """Why *url* is refused, or `None`. *advice* states how to reach the mock under a real host."""
        if url.startswith(self._passthrough) or _is_here(urlsplit(url).hostname or ""):
            return None
        if real().match(url):
            return f"{urlsplit(url).hostname} was not called, because the mock does not handle it: {advice}"
        return refusal(url)

    def refusal_of_host(self, host: str, port: int, advice: str) -> str | None:
        """Why a connection is refused, or `None`.

        A prefix with the same host allows the connection, because the URL is not known.
        """
        named = {(urlsplit(prefix).hostname, urlsplit(prefix).port) for prefix in self._passthrough}
        if {(host, port), (host, None)} & named:
            return None
        return self.refusal(
            f"{'https' if port == http.client.HTTPS_PORT else 'http'}://{host}:{port}/", advice
        )


_ADVICE = "call it with `requests`, or call the fixture mockcbs_server"
_HTTPX_ADVICE = "give the httpx client transport=m.httpx_transport()"


def _is_here(host: str) -> bool:
    """Whether *host* is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _install() -> None:
    _replace(urllib.request.AbstractHTTPHandler, "do_open", _guarded_open)
    _replace(http.client.HTTPConnection, "connect", _guarded_connect)
    if httpx := sys.modules.get("httpx"):  # the mock does not import httpx if the user does not
        _replace(httpx.HTTPTransport, "handle_request", _guarded_request)
        _replace(httpx.AsyncHTTPTransport, "handle_async_request", _guarded_request)


def _replace(owner: type, name: str, guarded: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    original = getattr(owner, name)
    _patches.enter_context(patch.object(owner, name, wraps(original)(guarded(original))))


def _guarded_open(original: Callable[..., Any]) -> Callable[..., Any]:
    def do_open(self: Any, http_class: Any, req: urllib.request.Request, **options: Any) -> Any:
        if reason := _guards[-1].refusal(req.full_url, _ADVICE):
            raise urllib.error.URLError(reason)
        _passed.now = True
        try:
            return original(self, http_class, req, **options)
        finally:
            _passed.now = False

    return do_open


def _guarded_connect(original: Callable[..., Any]) -> Callable[..., Any]:
    def connect(self: Any) -> Any:
        host, port = self._tunnel_host or self.host, self._tunnel_port or self.port
        if not getattr(_passed, "now", False) and (
            reason := _guards[-1].refusal_of_host(host, port, _ADVICE)
        ):
            raise ConnectionRefusedError(reason)
        return original(self)

    return connect


def _guarded_request(original: Callable[..., Any]) -> Callable[..., Any]:
    def handle(self: Any, request: Any) -> Any:
        url = str(request.url)
        mocked = _is_mocked(original, "httpx") or _is_mocked(_below(self), "httpcore")
        reason = _guards[-1].refusal(url, _HTTPX_ADVICE)
        if reason and (real().match(url) or not mocked):
            raise sys.modules["httpx"].ConnectError(reason, request=request)
        return original(self, request)

    return handle


def _below(transport: Any) -> Callable[..., Any]:
    """The transport inside *transport*."""
    pool = type(transport._pool)  # noqa: SLF001 - httpx has no other way to it
    found: Callable[..., Any] = getattr(pool, "handle_request", None) or pool.handle_async_request
    return found


def _is_mocked(function: Callable[..., Any], library: str) -> bool:
    """Whether a test has replaced *function* of *library* by a mock of its own."""
    return function.__module__.partition(".")[0] != library
