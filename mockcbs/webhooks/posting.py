"""Posts deliveries to an endpoint, each within a time limit."""

import io
import re
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead
from itertools import islice
from socket import SHUT_RDWR, socket
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote

from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.exceptions import LocationParseError
from urllib3.util import make_headers, parse_url
from urllib3.util.wait import wait_for_read
from werkzeug.http import parse_date

from mockcbs.core.clock import real_now
from mockcbs.webhooks.deliveries import Attempt

MAX_RETRY_AFTER = 86_400.0
"""The maximum time that an endpoint can ask to wait, in s."""
MAX_RESPONSE = 1 << 20
"""The maximum size of a response that is read, in bytes; the rest is not read."""
JSON = "application/json; charset=utf-8"

_PIECE = 1 << 16
_EXCERPT = 500
_OK, _TOO_MANY, _UNAVAILABLE = 200, 429, 503
_FAILURES = OSError, HTTPException, LocationParseError, UnicodeError
"""What a wrong URL or response raises."""
_SENT = {"Accept": "*/*", "User-Agent": "mockcbs", "Content-Type": JSON}
_OTHERS = (
    rb"(?:content-type:[^;\r\n]*(?:; *charset=utf-8)?\r\n|connection: keep-alive\r\n"
    rb"|(?!content-(?:type|length):|connection:|transfer-encoding:)[a-z0-9-]+:[^\r\n]*\r\n){0,40}"
)
_ORDINARY = re.compile(
    rb"HTTP/1\.1 200(?: [^\r\n]*)?\r\n(?i:%bcontent-length: ?([0-9]{1,5})\r\n%b)\r\n" % (_OTHERS, _OTHERS)
)
"""The head of an ordinary response, whose connection stays open and whose body is UTF-8 of that length."""


@dataclass(frozen=True)
class Outcome:
    """The result of one attempt."""

    status: int | None
    answer: str
    took_ms: int
    retry_after: float | None = None
    """The time that the endpoint asks to wait, in s."""

    @property
    def reason(self) -> str:
        """Why the attempt failed; empty if it succeeded."""
        if self.status == _OK:
            return ""
        return f"expected 200, found {self.status}" if self.status else self.answer

    def attempt(self, at: int, reason: str) -> Attempt:
        """The attempt for the log of deliveries. *at* is its time by mockcbs's clock, ms UTC."""
        return Attempt(at, self.status, self.took_ms, self.answer[:_EXCERPT], reason)


class Endpoint:
    """A URL, with a connection for one post after another. Redirects are not followed, proxies not used."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: HTTPConnection | None = None
        self._begin = b""
        """The head of a post up to the length of the body."""
        self._sent: dict[str, str] = {}
        self.is_aborted = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        if self._connection:
            self._connection.close()

    def abort(self) -> None:
        """End a running post of another thread."""
        self.is_aborted = True
        if (connection := self._connection) and (sock := connection.sock):
            with suppress(OSError):
                sock.shutdown(SHUT_RDWR)

    def post(self, headers: Mapping[str, str], body: bytes, seconds: float) -> Outcome:
        """Post *body*. The whole response must arrive within *seconds*."""
        began = time.perf_counter()
        try:
            status, answer, retry_after = self._exchange(headers, body, time.monotonic() + seconds)
        except TimeoutError:
            self.close()
            return Outcome(None, f"no answer within {seconds:g} s", _since(began))
        except _FAILURES as error:
            self.close()
            return Outcome(None, f"{type(error).__name__}: {error}", _since(began))
        return Outcome(status, answer, _since(began), retry_after)

    def _exchange(
        self, headers: Mapping[str, str], body: bytes, deadline: float
    ) -> tuple[int, str, float | None]:
        connection = self._connected(deadline)
        sent = {"Content-Length": str(len(body)), **self._sent, **headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
        connection.sock.settimeout(_left(deadline))
        connection.sock.sendall(b"".join((self._begin, lines.encode("latin-1"), b"\r\n", body)))
        connection.sock.settimeout(_left(deadline))
        received = connection.sock.recv(_PIECE)
        if (head := _ORDINARY.match(received)) and len(received) == head.end() + int(head[1]):
            return _OK, received[head.end() :].decode(errors="replace"), None
        with HTTPResponse(_TimedReader(connection.sock, deadline, received), method="POST") as response:  # type: ignore[arg-type]
            response.begin()
            content = _read(response)
            if response.will_close or not response.isclosed():  # or a part was not read
                connection.close()
        return response.status, _text(response, content), _retry_after(response)

    def _connected(self, deadline: float) -> HTTPConnection:
        """The connection, opened again if the endpoint has closed it."""
        if self._connection is None:
            self._connection = self._new_connection()
        connection = self._connection
        if connection.sock and wait_for_read(connection.sock, 0):
            connection.close()
        if not connection.sock:
            connection.timeout = _left(deadline)
            connection.connect()
        return connection

    def _new_connection(self) -> HTTPConnection:
        parts = parse_url(self._url)
        self._sent = {**_SENT, **(make_headers(basic_auth=unquote(parts.auth)) if parts.auth else {})}
        host = (parts.host or "").strip("[]")
        https = parts.scheme == "https"
        connection = (
            HTTPSConnection(host, parts.port, context=_tls()) if https else HTTPConnection(host, parts.port)
        )
        written: list[bytes] = []  # `http.client` writes the request line and the host
        connection.send = written.append  # type: ignore[method-assign, assignment]
        connection.putrequest("POST", parts.request_uri)
        connection.endheaders()
        self._begin = written[0].removesuffix(b"\r\n")
        return connection


class _TimedReader(io.RawIOBase):
    """Reads a socket until a deadline, after what was *received* from it."""

    def __init__(self, sock: socket, deadline: float, received: bytes) -> None:
        self._sock, self._deadline, self._received = sock, deadline, received
        self._raw = sock.makefile("rb", buffering=0)

    def makefile(self, mode: str) -> io.BufferedReader:
        """The reader with a buffer. `HTTPResponse` calls this."""
        del mode
        return io.BufferedReader(self)

    def readable(self) -> bool:
        """Return true."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read what has arrived. Raises `TimeoutError` at the deadline."""
        if piece := self._received[: len(buffer)]:
            buffer[: len(piece)], self._received = piece, self._received[len(piece) :]
            return len(piece)
        self._sock.settimeout(_left(self._deadline))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Allow the socket to be closed."""
        self._raw.close()
        super().close()


def _read(response: HTTPResponse) -> bytes:
    pieces = iter(partial(response.read, _PIECE), b"")
    content = b"".join(islice(pieces, MAX_RESPONSE // _PIECE))
    if response.length and len(content) < MAX_RESPONSE:
        raise IncompleteRead(content, response.length)
    return content


def _text(response: HTTPResponse, content: bytes) -> str:
    try:
        return content.decode(response.headers.get_content_charset("utf-8"), "replace")
    except LookupError:  # no such encoding
        return content.decode(errors="replace")


def _retry_after(response: HTTPResponse) -> float | None:
    """The time that a busy endpoint asks to wait, in s: a number of seconds or an HTTP date."""
    if response.status not in {_TOO_MANY, _UNAVAILABLE}:
        return None
    value = (response.getheader("Retry-After") or "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value), MAX_RETRY_AFTER)
    moment = parse_date(value)
    return None if moment is None else min(max(0.0, moment.timestamp() - real_now() / 1000), MAX_RETRY_AFTER)


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)


def _left(deadline: float) -> float:
    return max(deadline - time.monotonic(), 0.001)


def _since(began: float) -> int:
    return int((time.perf_counter() - began) * 1000)
