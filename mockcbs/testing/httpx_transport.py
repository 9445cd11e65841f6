"""Calls of `httpx` clients, answered in process."""

import asyncio
import time

import httpx

from mockcbs.serving.memo import Memo
from mockcbs.testing.exchange import Received, exchange

_NOT_HTTP = "illegal status line"
_ERRORS: dict[str, tuple[type[httpx.TransportError], str]] = {
    "reset": (httpx.ReadError, "[Errno 104] Connection reset by peer"),
    "empty-reply": (httpx.RemoteProtocolError, "Server disconnected without sending a response."),
    "no-answer": (httpx.RemoteProtocolError, "Server disconnected without sending a response."),
    "garbage": (httpx.RemoteProtocolError, _NOT_HTTP),
    "truncated-body": (
        httpx.RemoteProtocolError,
        "peer closed connection without sending complete message body",
    ),
    "truncated-chunk": (
        httpx.RemoteProtocolError,
        "peer closed connection without sending complete message body (incomplete chunked read)",
    ),
}


class Transport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers every request of a client, synchronous or asynchronous, from a mock."""

    def __init__(self, memo: Memo) -> None:
        self._memo = memo

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        received = self._exchange(request, request.read())
        time.sleep(_wait(received, request))
        return _response(received)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request of an asynchronous client."""
        received = self._exchange(request, await request.aread())
        await asyncio.sleep(_wait(received, request))
        return _response(received)

    def _exchange(self, request: httpx.Request, body: bytes) -> Received:
        return exchange(self._memo, request.method, str(request.url), request.headers.items(), body)


def _wait(received: Received, request: httpx.Request) -> float:
    """Seconds the client has to wait; raises what it would raise."""
    if received.times_out(request.extensions.get("timeout", {}).get("read")):
        raise httpx.ReadTimeout("timed out", request=request)
    if received.delivery.wire in _ERRORS:
        error, message = _ERRORS[received.delivery.wire]
        raise error(message, request=request)
    return received.delivery.delay + received.seconds_of_body


def _response(received: Received) -> httpx.Response:
    return httpx.Response(received.status, headers=received.headers, content=received.body)
