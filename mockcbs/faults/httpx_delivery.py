"""The effect of delivery faults on a client of `httpx` that calls a mock in process."""

import httpx

from mockcbs.faults.delivery import MAX_SILENCE, Delivery

_ERRORS: dict[str, tuple[type[httpx.TransportError], str]] = {
    "reset": (httpx.ReadError, "[Errno 104] Connection reset by peer"),
    "empty-reply": (httpx.RemoteProtocolError, "Server disconnected without sending a response."),
    "no-answer": (httpx.RemoteProtocolError, "Server disconnected without sending a response."),
    "garbage": (httpx.RemoteProtocolError, "illegal status line"),
    "truncated-body": (
        httpx.RemoteProtocolError,
        "peer closed connection without sending complete message body",
    ),
    "reset-upload": (httpx.ReadError, "[Errno 104] Connection reset by peer"),
    "reset-body": (httpx.ReadError, "[Errno 104] Connection reset by peer"),
    "truncated-chunk": (
        httpx.RemoteProtocolError,
        "peer closed connection without sending complete message body (incomplete chunked read)",
    ),
}


def seconds_of(
    delivery: Delivery, size: int, timeout: float | None, request: httpx.Request | None = None
) -> float:
    """Seconds that a body of *size* bytes takes to arrive; raises the error of the client if it does not.

    A response that comes after *timeout* seconds is an error at once, without waiting.
    """
    first = MAX_SILENCE if delivery.wire == "no-answer" else delivery.delay
    if timeout is not None and first > timeout:
        raise httpx.ReadTimeout("timed out", request=request)
    if delivery.wire in _ERRORS:
        error, message = _ERRORS[delivery.wire]
        raise error(message, request=request)
    return delivery.delay + (size / delivery.bytes_per_second if delivery.bytes_per_second else 0.0)
