"""Reads requests from the bytes of one connection, within limits."""

import re
from collections.abc import Callable
from enum import Enum, auto
from typing import NamedTuple
from wsgiref.types import WSGIEnvironment

import httptools

from mockcbs.server import malformed
from mockcbs.server.body import Body
from mockcbs.server.environ import environ, path_and_query
from mockcbs.server.limits import (
    MAX_CHUNK_FRAMING,
    MAX_CONTROL_BODIES,
    MAX_HEAD,
    MAX_HEADER,
    MAX_HEADERS,
    MAX_UNKNOWN_BODY,
    MAX_URI,
)
from mockcbs.services.registry import service_meant
from mockcbs.web.context import KEY, Context, WireProblem
from mockcbs.web.hosts import name_in

_OFFER = {b"upgrade", b"http2-settings"}
_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")


class Request(NamedTuple):
    """A complete request, or one that is rejected."""

    method: str
    target: bytes
    headers: list[tuple[bytes, bytes]]
    """The headers, with names in lower case."""
    body: Body
    version: str
    keep_alive: bool
    problem: WireProblem | None = None
    reason: str = ""
    """Why the request is rejected, in a sentence."""


class Phase(Enum):
    """The part of a request that comes next."""

    BETWEEN = auto()
    HEAD = auto()
    BODY = auto()


class Reader:
    """Reads the requests of one connection. Offers to upgrade to another protocol (h2c, WebSocket) are
    ignored.
    """

    def __init__(self, on_request: Callable[[Request], None], on_expect: Callable[[], None]) -> None:
        """*on_request* is called for every request, *on_expect* if one expects 100 Continue."""
        self.phase = Phase.BETWEEN
        self.since = 0.0
        """The start of the phase, in s of the loop's clock."""
        self.ended = False
        """Whether a request was rejected, so that later bytes have no meaning."""
        self._on_request, self._on_expect = on_request, on_expect
        self._stray = 0
        self._completed = False
        self._start_parser()
        self._forget()

    def _start_parser(self) -> None:
        self._parser = httptools.HttpRequestParser(self)
        self._parser.set_dangerous_leniencies(lenient_data_after_close=True)

    def _forget(self) -> None:
        self._url = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._body = Body()
        self._max_body = MAX_UNKNOWN_BODY
        self._head_bytes = self._count = self._unparsed = 0
        self._begun = True
        self._head = b""
        self._problem: WireProblem | None = None
        self._reason = ""

    @property
    def body(self) -> Body:
        """The received part of the body of the current request, or of the last one."""
        return self._body

    @property
    def expected(self) -> int:
        """Bytes of the body of the current request, as its head states them; 0 if it does not."""
        return int(dict(self._headers).get(b"content-length", b"0"))

    @property
    def missing(self) -> int:
        """Bytes that are still missing of the body of the current request, if its head states a length."""
        return max(self.expected - len(self._body), 0) if self.phase is Phase.BODY else 0

    @property
    def begun(self) -> Request:
        """The current request, as far as it has come."""
        return self._request(keep_alive=False)

    def close(self) -> None:
        """Read no more, and drop the current request.

        Parser and connection refer to the reader, so that none of them would be freed without the garbage
        collector.
        """
        self._body.close()
        self._parser = httptools.HttpRequestParser(None)
        self._on_request, self._on_expect = _ignore, _ignore

    def feed(self, data: bytes, now: float) -> None:
        """Read *data*, received at *now* (loop's clock)."""
        before, body = self.phase, len(self._body)
        self._begun = self._completed = False
        rest = data
        try:
            while rest:
                rest = self._parse(rest)
            self._check_unparsed(before, len(data) - (len(self._body) - body))
        except httptools.HttpParserError as error:
            self._refuse_rest(error, data, before)
        if self.phase is not before or self._begun:
            self.since = now
        if self.phase is Phase.HEAD:
            self._head = data if self._begun else self._head + data

    def _parse(self, data: bytes) -> bytes:
        """Run the parser, and return the bytes that remain.

        At an offer to upgrade the parser stops after the headers and treats the body as the other protocol.
        The request is then parsed again without the offer.
        """
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as offer:
            if not self._offers_upgrade():
                return b""
            head = self._head_without_offer()
            self._start_parser()
            return head + data[offer.args[0] :]
        return b""

    def _head_without_offer(self) -> bytes:
        lines = [b"%s %s HTTP/1.1" % (self._parser.get_method(), self._url)]
        for name, value in self._headers:
            if name == b"connection":
                value = b",".join(t for t in value.split(b",") if t.strip().lower() not in _OFFER)  # noqa: PLW2901
            if name not in _OFFER:
                lines.append(b"%s: %s" % (name, value))
        return b"\r\n".join([*lines, b"", b""])

    def _check_unparsed(self, before: Phase, size: int) -> None:
        """Reject a head that is too large. The parser reports a header only when it is complete.

        *size* is the number of bytes in the last read that are not part of a body.
        """
        goes_on = self.phase is before and not self._begun
        begins = before is Phase.BETWEEN and self.phase is Phase.HEAD
        if self._completed or not (goes_on or begins):
            self._stray = 0
            return
        if self.phase is Phase.BETWEEN:
            self._stray += size
        else:
            self._unparsed += size
        allowed = MAX_HEAD if self.phase is Phase.HEAD else MAX_HEAD + MAX_CHUNK_FRAMING * len(self._body)
        if self._stray > MAX_HEAD:
            self._reject("headers too large", "more than 128 KB of empty lines come before the request")
        if self._unparsed > allowed:
            what = "request line and headers" if self.phase is Phase.HEAD else "lengths and trailers"
            self._reject("headers too large", f"{what} have more than 128 KB")

    # The callbacks of the parser

    def on_message_begin(self) -> None:
        """Called by the parser at the start of a request."""
        self._forget()
        self.phase = Phase.HEAD

    def on_url(self, url: bytes) -> None:
        """Called by the parser with a part of the target."""
        self._url += url
        if len(self._url) > MAX_URI:
            self._reject("URI too large", "")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by the parser with a header. Trailers, which follow the body, are only counted."""
        size = len(name) + len(value)
        self._head_bytes += size
        self._count += 1
        if size > MAX_HEADER or self._head_bytes > MAX_HEAD:
            self._reject("headers too large", "")
        if self._count > MAX_HEADERS:
            self._reject("headers too large", f"the request has more than {MAX_HEADERS} headers")
        if self.phase is Phase.HEAD:
            self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Called by the parser after the headers."""
        self.phase = Phase.BODY
        self._unparsed = 0
        if self._offers_upgrade():
            return
        headers = dict(self._headers)
        version = self._parser.get_http_version()
        self._check_head(headers, version)
        path, query = path_and_query(self._url)
        service = service_meant(path, query, _shown(headers))
        if service:
            self._max_body = service.max_body_at(path)
        else:
            self._max_body = MAX_CONTROL_BODIES.get(path, MAX_UNKNOWN_BODY)
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > self._max_body:
            self._reject("body too large", f"the body has more than {self._max_body:,} bytes, the limit here")
        elif version == "1.1" and headers.get(b"expect", b"").lower() == b"100-continue":
            self._on_expect()

    def _check_head(self, headers: dict[bytes, bytes], version: str) -> None:
        """Reject unsupported versions of HTTP, and missing or invalid hosts."""
        if version not in {"1.1", "1.0"}:
            self._reject("malformed request", malformed.of_version(version))
        if b"%" in self._url and _BAD_ESCAPE.search(self._url.partition(b"?")[0]):
            self._reject("malformed request", malformed.BAD_ESCAPE)
        host = headers.get(b"host")
        if host is None:
            wrong = version == "1.1"
        else:
            wrong = name_in(host.decode("latin-1")) is None or (
                len(headers) < len(self._headers) and [name for name, _ in self._headers].count(b"host") > 1
            )
        if wrong:
            hosts = [value for name, value in self._headers if name == b"host"]
            self._reject("malformed request", malformed.of_hosts(hosts))

    def on_body(self, body: bytes) -> None:
        """Called by the parser with a part of the body."""
        if len(self._body) + len(body) > self._max_body:
            self._reject("body too large", f"the body has more than {self._max_body:,} bytes, the limit here")
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Called by the parser at the end of a request."""
        if not self._offers_upgrade():
            self.phase, self._completed = Phase.BETWEEN, True
            keep_alive = self._parser.should_keep_alive() and not self._parser.should_upgrade()
            self._on_request(self._request(keep_alive=keep_alive))

    def _offers_upgrade(self) -> bool:
        """Whether the client offers to upgrade; CONNECT is rejected like any unknown method."""
        return self._parser.should_upgrade() and self._parser.get_method() != b"CONNECT"

    # Refusing

    def _reject(self, problem: WireProblem, reason: str) -> None:
        """Stop reading. The parser passes the exception on."""
        self._problem, self._reason = problem, reason
        raise httptools.HttpParserError(problem)

    def _refuse_rest(self, error: Exception, data: bytes, before: Phase) -> None:
        """End reading with a rejected request, which came with *data* after the phase *before*."""
        if self._problem is None:
            self._problem = "malformed request"
            begin = data if before is Phase.BETWEEN else self._head
            self._reason = malformed.reason(str(error), begin, self._head + data)
        self.ended = True
        self._on_request(self._request(keep_alive=False))

    def _request(self, *, keep_alive: bool) -> Request:
        return Request(
            self._parser.get_method().decode("ascii") if self._url else "-",
            self._url,
            self._headers,
            self._body,
            self._parser.get_http_version(),
            keep_alive,
            self._problem,
            self._reason,
        )


def _ignore(*_: Request) -> None:
    """Handle a request of a connection that is gone."""


def _shown(headers: dict[bytes, bytes]) -> dict[str, str]:
    """The headers that identify the caller, as in a WSGI environment."""
    return {
        "HTTP_HOST": headers.get(b"host", b"").decode("latin-1"),
        "HTTP_AUTHORIZATION": headers.get(b"authorization", b"").decode("latin-1"),
    }


def of_request(request: Request, connection: WSGIEnvironment, *, looked: bool) -> WSGIEnvironment:
    """The whole environment. *looked* means that the server has checked what other replicas changed."""
    headers = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers)
    made = environ(request.method, *path_and_query(request.target), headers, request.body)
    made |= connection
    made["SERVER_PROTOCOL"] = f"HTTP/{request.version}"
    this = Context(request.problem, request.reason, delivers=True, may_wait=True, looked=looked)
    if request.method == "POST":
        same = [header for header in request.headers if header[0] != b"content-length"]
        this.head = (request.target, request.version, *connection.values(), *same)
    made[KEY] = this
    return made
