"""Calls of `requests` to the real hosts, answered in process."""

import errno
import http.client
import re
import time
import unittest.mock
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

import requests
import responses
from requests.adapters import HTTPAdapter
from urllib3.exceptions import IncompleteRead, ProtocolError

from mockcbs.faults.delivery import GARBAGE
from mockcbs.testing.exchange import Received, exchange
from mockcbs.testing.hosts import foreign, real, refusal
from mockcbs.web.cache.response_cache import ResponseCache

_METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")

_Answer = tuple[int, dict[str, str], bytes]


class Interceptor(responses.RequestsMock):
    """An interceptor of `requests` that works beside those of a test, whichever was started first."""

    others: re.Pattern[str]
    """The URLs that are neither handled nor let through."""

    def start(self) -> None:
        """Start to intercept."""
        self._outer = HTTPAdapter.send
        super().start()
        if not _ACTIVE:
            _HOOK.start()
        _ACTIVE.append(self)

    def stop(self, allow_assert: bool = True) -> None:
        """Stop to intercept."""
        _ACTIVE.remove(self)
        if not _ACTIVE:
            _HOOK.stop()
        super().stop(allow_assert=allow_assert)

    @property
    def outer(self) -> Callable[..., requests.Response] | None:
        """The previous handler of intercepted requests; `None` without one."""
        return None if self._outer.__module__ == HTTPAdapter.__module__ else self._outer


_ACTIVE: list[Interceptor] = []
"""The active interceptors, the innermost last."""


def _shared(
    mock: responses.RequestsMock, adapter: HTTPAdapter, request: requests.PreparedRequest, **options: Any
) -> requests.Response:
    """Let *mock* respond, unless the request belongs to another active mock."""
    url = request.url or ""
    if isinstance(mock, Interceptor):
        if mock.outer and mock.others.match(url):
            return mock.outer(adapter, request, **options)
    elif real().match(url) and not _registered(mock, url):
        mock = _ACTIVE[-1]
    response: requests.Response = _ON_REQUEST(mock, adapter, request, **options)
    return response


def _registered(mock: responses.RequestsMock, url: str) -> bool:
    """Whether a test has registered a response for *url*."""
    return any(
        url.startswith(one.url.partition("?")[0]) if isinstance(one.url, str) else one.url.match(url)
        for one in mock.registered()
    )


_ON_REQUEST: Any = responses.RequestsMock._on_request  # noqa: SLF001 - `responses` has no other place for it
_HOOK = unittest.mock.patch.object(responses.RequestsMock, "_on_request", _shared)


def interceptor(cache: ResponseCache, passthrough: Iterable[str]) -> Interceptor:
    """A mock of `requests` that sends calls for the real hosts to *cache*, and refuses all others.

    URLs that begin with one of *passthrough* leave the process.
    """
    prefixes = tuple(passthrough)
    mock = Interceptor(assert_all_requests_are_fired=False, passthru_prefixes=prefixes)
    mock.others = others = foreign(prefixes)

    def answer(request: requests.PreparedRequest) -> _Answer:
        return _answer(cache, request)

    for method in _METHODS:
        mock.add_callback(method, real(), answer)
        mock.add_callback(method, others, _refuse)
    return mock


def _refuse(request: requests.PreparedRequest) -> NoReturn:
    raise requests.ConnectionError(refusal(request.url or ""), request=request)


def _answer(cache: ResponseCache, request: requests.PreparedRequest) -> _Answer:
    body = request.body or b""
    received = exchange(
        cache,
        request.method or "GET",
        request.url or "",
        _headers(request),
        body.encode() if isinstance(body, str) else _bytes(body),
    )
    if received.seconds or received.delivery.wire or received.delivery.bytes_per_second:
        _suffer(received, request)
    return received.status, dict(received.headers), received.body


def _headers(request: requests.PreparedRequest) -> list[tuple[str, str]]:
    """Names and values as a server receives them; raises the error of a live call for invalid ones."""
    return [(_latin(name), _latin(value)) for name, value in request.headers.items()]


def _latin(text: str | bytes) -> str:
    """*text* as WSGI represents bytes (PEP 3333); raises `UnicodeEncodeError`, as `http.client` does."""
    return text.decode("latin-1") if isinstance(text, bytes) else text.encode("latin-1").decode("latin-1")


def _bytes(body: Any) -> bytes:
    """The body of a request, given as bytes, a file or an iterable of bytes."""
    if isinstance(body, bytes):
        return body
    read = getattr(body, "read", None)
    content: bytes = read() if read else b"".join(body)
    return content


def _suffer(received: Received, request: requests.PreparedRequest) -> None:
    """Wait as long as a live client would, or raise the error that it would raise."""
    timeout = getattr(request, "req_kwargs", {}).get("timeout")
    read_timeout = timeout[1] if isinstance(timeout, tuple) else timeout
    if received.times_out(read_timeout):
        raise requests.ReadTimeout(f"Read timed out. (read timeout={read_timeout})", request=request)
    error = _error(received, request)
    if error is None or received.delivery.wire != "no-answer":
        time.sleep(received.delivery.delay)
    if error:
        raise error from error.args[0]
    time.sleep(received.seconds_of_body)


def _error(received: Received, request: requests.PreparedRequest) -> requests.RequestException | None:
    """The error of a live client, with the same chain of causes; `None` if there is none."""
    half = len(received.body) // 2
    causes: dict[str, Exception] = {
        "reset-upload": ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"),
        "reset": ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"),
        "empty-reply": http.client.RemoteDisconnected("Remote end closed connection without response"),
        "no-answer": http.client.RemoteDisconnected("Remote end closed connection without response"),
        "garbage": http.client.BadStatusLine(GARBAGE.decode("latin-1")),
    }
    if received.delivery.wire in {"truncated-body", "truncated-chunk"}:
        cut = IncompleteRead(half, len(received.body) - half)
        broken = _raised_from(cut, f"Connection broken: {cut!r}")
        return requests.exceptions.ChunkedEncodingError(broken, request=request)
    if received.delivery.wire == "reset-body":
        broken = _raised_from(causes["reset"], f"Connection broken: {causes['reset']!r}")
        return requests.exceptions.ChunkedEncodingError(broken, request=request)
    if cause := causes.get(received.delivery.wire or ""):
        return requests.ConnectionError(_raised_from(cause, "Connection aborted."), request=request)
    return None


def _raised_from(cause: Exception, message: str) -> ProtocolError:
    error = ProtocolError(message, cause)
    error.__cause__ = cause
    return error
