"""The protocol: HTTP as the services' gateway speaks it, Flask called inline."""

import asyncio
import logging
from collections import deque
from collections.abc import Iterator
from functools import partial
from typing import Any, ClassVar
from wsgiref.types import WSGIApplication, WSGIEnvironment

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from mockcbs.core.platform import reset_when_closed
from mockcbs.faults.delivery import Delivery, End, Step
from mockcbs.faults.swap import PATIENCE, Held
from mockcbs.server.cache import Memo
from mockcbs.server.disconnect import Disconnect
from mockcbs.server.environ import environ, of_connection, path_and_query
from mockcbs.services.registry import service_of
from mockcbs.web.context import KEY, Context, WireProblem
from mockcbs.web.json import PacedStream
from mockcbs.web.validity import CacheKey

_LONGEST_URI = 32 * 1024
_LONGEST_HEADER = 32 * 1024
_LONGEST_HEADERS = 128 * 1024
_OFFER = {b"upgrade", b"http2-settings"}
_FAREWELL = 0.5
"""Seconds a client has to read the last answer when the server stops."""

_MOST_WAITING = 16
"""Requests read ahead while an answer is being delivered; then reading pauses."""
_LONGEST_KEY = 8 * 1024
"""Bytes of the longest request that the memo is told of."""

log = logging.getLogger("mockcbs")


class HttpProtocol(HttpToolsProtocol):
    """One connection: parses requests, calls the WSGI application inline, writes its answers.

    Of uvicorn's protocol it keeps the bookkeeping of connections, flow control, and the keep-alive
    timer (`on_response_complete`, `_unset_keepalive_if_required`). It replaces the callbacks of the parser,
    so that no ASGI cycle is ever made (`cycle` stays `None`) and a request costs neither a task nor a
    thread.

    An answer that a scenario delays or breaks is delivered step by step on the loop, while other
    connections are served; requests behind it on its own connection wait their turn. An answer that is a
    `PacedStream` is the connection's last, and written by one of its `tasks`.

    A request that comes alone and in one piece, and is to the last byte, or but for its query, one that the
    `Memo` knows, is answered without being parsed.
    """

    _ours: ClassVar[tuple[Any, list[bytes]]] = None, []
    """The headers of every answer, `Date` above all, and how heads end with them: the last one's, others'."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._wsgi: WSGIApplication = config.loaded_app
        self._memo = self._wsgi if isinstance(self._wsgi, Memo) else None
        self._waiting: deque[tuple[WSGIEnvironment, bool]] = deque()
        self._steps: Iterator[Step] | None = None
        self._next_step: asyncio.Handle | None = None
        self._disconnect: Disconnect | None = None
        self._streams = False
        self._between = True
        self._recalled = False
        self._forget_request()

    def _forget_request(self) -> None:
        self.url = b""
        self.headers = []
        self._body = bytearray()
        self._most_body = 0
        self._header_bytes = 0
        self._problem: WireProblem | None = None

    def data_received(self, data: bytes) -> None:
        """Bytes from the client; an offer to speak another protocol (h2c, WebSocket) is ignored."""
        memo = self._memo if self._at_rest() and data.startswith(b"GET ") else None
        if memo and self._recall(memo, data):
            return
        self._unset_keepalive_if_required()
        in_turn = bool(self._waiting)
        whole = data
        try:
            while data:
                data = self._feed(data)
        except httptools.HttpParserError:
            self._hang_up()
        if memo and self._between and len(self._waiting) == 1 and len(whole) <= _LONGEST_KEY:
            request, keep_alive = self._waiting[0]
            if keep_alive and "HTTP_EXPECT" not in request:  # which is answered before the answer
                this: Context = request[KEY]
                this.cache_key = _asked(whole)
        if not in_turn:
            self._answer_next()

    def _at_rest(self) -> bool:
        """Whether nothing has begun that is not over."""
        return self._between and not (
            self._waiting
            or self._steps
            or self._streams
            or self.flow.write_paused
            or self.transport.is_closing()
        )

    def _recall(self, memo: Memo, whole: bytes) -> bool:
        """Answer the request that is *whole* if its answer is remembered, or who asks it."""
        recalled = memo.recall(whole)
        if recalled is None and len(whole) <= _LONGEST_KEY:
            recalled = memo.reread(_asked(whole))
        if recalled is None:
            return False
        self.transport.write(self._head(recalled.code, recalled.lines, keep_alive=True) + recalled.body)
        self._recalled = True
        if self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_handler()
        return True

    def timeout_keep_alive_handler(self) -> None:
        """Hang up on who has been silent; who was answered from memory meanwhile was not."""
        if not self._recalled:
            super().timeout_keep_alive_handler()
            return
        self._recalled = False
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def _feed(self, data: bytes) -> bytes:
        """Let the parser read; returns what is to be read next.

        At an offer to upgrade the parser stops after the headers and takes the body for the other
        protocol. The request is then read once more without its offer.
        """
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as offer:
            if not self._offers_upgrade():
                return b""
            head = self._head_without_offer()
            self.parser = httptools.HttpRequestParser(self)
            return head + data[offer.args[0] :]
        return b""

    def _head_without_offer(self) -> bytes:
        lines = [b"%s %s HTTP/1.1" % (self.parser.get_method(), self.url)]
        for name, value in self.headers:
            if name == b"connection":
                value = b",".join(t for t in value.split(b",") if t.strip().lower() not in _OFFER)  # noqa: PLW2901
            if name not in _OFFER:
                lines.append(b"%s: %s" % (name, value))
        return b"\r\n".join([*lines, b"", b""])

    # What the parser calls

    def on_message_begin(self) -> None:
        """A request line follows."""
        self._between = False
        self._forget_request()

    def on_url(self, url: bytes) -> None:
        """A part of the request target."""
        self.url += url
        if len(self.url) > _LONGEST_URI:
            self._refuse("URI too large")

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header; one that comes behind the body, a trailer, tells nothing."""
        if self._most_body:
            return
        size = len(name) + len(value)
        self._header_bytes += size
        self.headers.append((name.lower(), value))
        if size > _LONGEST_HEADER or self._header_bytes > _LONGEST_HEADERS:
            self._refuse("headers too large")

    def on_headers_complete(self) -> None:
        """The body follows, if there is one."""
        if self._offers_upgrade():
            return
        headers = dict(self.headers)
        service = service_of(None, headers.get(b"host", b"").decode("latin-1"), path_and_query(self.url)[0])
        self._most_body = service.max_body if service else 2**20
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > self._most_body:
            self._refuse("body too large")
        elif headers.get(b"expect", b"").lower() == b"100-continue":
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self._body += body
        if len(self._body) > self._most_body:
            self._refuse("body too large")

    def on_message_complete(self) -> None:
        """The request is complete."""
        self._between = True
        if not self._offers_upgrade():
            self._line_up(keep_alive=self.parser.should_keep_alive() and not self.parser.should_upgrade())

    def _offers_upgrade(self) -> bool:
        """Whether the client would rather speak something else; CONNECT is refused like any method."""
        return self.parser.should_upgrade() and self.parser.get_method() != b"CONNECT"

    def _hang_up(self) -> None:
        """Answer what cannot be parsed, or must not be read to its end, and close."""
        self._problem = self._problem or "malformed request"
        self._line_up(keep_alive=False)

    def _refuse(self, problem: WireProblem) -> None:
        """Stop reading: the parser hands on the exception, and `data_received` answers."""
        self._problem = problem
        raise ValueError(problem)

    def shutdown(self) -> None:
        """Hang up once the last answer is out, but do not wait long for a client that does not read it."""
        self.transport.close()
        self.loop.call_later(_FAREWELL, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has left, or was made to: nothing more is delivered."""
        if self._next_step:
            self._next_step.cancel()
        self._end_steps()
        super().connection_lost(exc)

    # Answering

    def _line_up(self, *, keep_alive: bool) -> None:
        self._waiting.append((self._environ(), keep_alive))
        if self._steps is not None and len(self._waiting) >= _MOST_WAITING:
            self.flow.pause_reading()
            if self._disconnect is None:
                connection = self.transport.get_extra_info("socket")
                self._disconnect = Disconnect(self.loop, connection, self.transport.abort)

    def _answer_next(self) -> None:
        """Answer one request; others of this connection wait until other connections had their turn."""
        if self.transport.is_closing():
            self._waiting.clear()
        if not self._waiting or self._steps is not None:
            return
        if self.flow.write_paused:
            self.flow.pause_reading()
            return
        self._respond(*self._waiting[0])
        self._waiting.popleft()
        if self._streams:
            self._waiting.clear()
        elif self._steps is None:
            self._go_on()

    def _go_on(self) -> None:
        """After an answer: to the next request, or to wait for one."""
        if self._waiting:
            self.flow.pause_reading()
            self.loop.call_soon(self._answer_next)
        else:
            self.on_response_complete()

    def resume_writing(self) -> None:
        """The client reads again: go on with who waits."""
        super().resume_writing()
        self._answer_next()

    def _respond(self, request: WSGIEnvironment, keep_alive: bool) -> None:
        try:
            head, body, stream = self._answer(request, keep_alive=keep_alive)
        except Exception:  # the parser would take it for the client's fault and answer 400
            log.exception("a bug in mockcbs: the application did not answer")
            self.transport.abort()
            return
        delivery: Delivery | None = request[KEY].delivery
        if delivery:
            self._steps = delivery.steps(head, body + b"".join(stream or ()))
            self.flow.resume_reading()  # or nobody would notice that the client leaves
            self._next_step = self.loop.call_soon(self._deliver, keep_alive and stream is None)
            return
        self.transport.write(head + body)
        if stream:
            self._send(stream)
        elif not keep_alive:
            self.transport.close()

    def _deliver(self, keep_alive: bool) -> None:
        """Take the next steps of a delivery, up to one that waits, or to its end."""
        for step in self._steps or ():
            if isinstance(step, bytes):
                self.transport.write(step)
            elif isinstance(step, End):
                self._cut(step)
                return
            elif isinstance(step, Held):
                step.on_exchange = partial(self._hurry, keep_alive)
                self._next_step = self.loop.call_later(PATIENCE, self._deliver, keep_alive)
                return
            else:
                self._next_step = self.loop.call_later(step, self._deliver, keep_alive)
                return
        self._end_steps()
        if not keep_alive:
            self.transport.close()
        self._go_on()

    def _hurry(self, keep_alive: bool) -> None:
        """Do not wait for the next steps any longer."""
        if self._next_step:
            self._next_step.cancel()
            self._next_step = self.loop.call_soon(self._deliver, keep_alive)

    def _end_steps(self) -> None:
        self._steps = self._next_step = None
        if self._disconnect:
            self._disconnect.close()
            self._disconnect = None

    def _cut(self, how: End) -> None:
        if how is End.CLOSE:
            self.transport.close()
            return
        reset_when_closed(self.transport.get_extra_info("socket"))
        self.transport.abort()

    def _send(self, stream: PacedStream) -> None:
        """Write *stream* beside whatever else the loop does; what the client sends meanwhile is not read."""
        self._streams = True
        self.transport.pause_reading()
        task = self.loop.create_task(self._write_pieces(stream))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _write_pieces(self, stream: PacedStream) -> None:
        try:
            for piece in stream:
                if self.transport.is_closing():
                    return
                self.transport.write(piece)
                await self.flow.drain()
                await asyncio.sleep(stream.pause)
            self.transport.close()
        except Exception:  # nobody awaits this task, and the client must not take a part for the whole
            log.exception("a bug in mockcbs: a stream broke off")
            self._cut(End.RESET)

    def _answer(
        self, request: WSGIEnvironment, *, keep_alive: bool
    ) -> tuple[bytes, bytes, PacedStream | None]:
        """Head and body, or the stream to follow in its place."""
        told: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            del exc_info
            told[:] = int(status[:3]), b"".join(map(_header, headers))

        body = self._wsgi(request, start_response)
        stream = body if isinstance(body, PacedStream) else None
        keep_alive = keep_alive and stream is None
        content = b"".join(body) if stream is None else b""
        if close := getattr(body, "close", None):
            close()
        return self._head(*told, keep_alive=keep_alive), content, stream

    def _head(self, code: int, lines: bytes, *, keep_alive: bool) -> bytes:
        defaults, ends = HttpProtocol._ours
        if defaults is not self.server_state.default_headers:  # uvicorn makes a new list each second
            defaults = self.server_state.default_headers
            ours = b"".join(b"%b: %b\r\n" % (name.title(), value) for name, value in defaults)
            ends = [b"%bConnection: %b\r\n\r\n" % (ours, how) for how in (b"close", b"keep-alive")]
            HttpProtocol._ours = defaults, ends
        return STATUS_LINE[code] + lines + ends[keep_alive]

    def _environ(self) -> WSGIEnvironment:
        method = self.parser.get_method().decode("ascii") if self.url else "-"
        headers = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in self.headers)
        made = environ(method, *path_and_query(self.url), headers, bytes(self._body))
        host, port = self.server or ("127.0.0.1", 0)
        made |= of_connection(self.scheme or "http", host, port or 0, self.client[0] if self.client else "")
        made["SERVER_PROTOCOL"] = f"HTTP/{self.parser.get_http_version()}"
        made[KEY] = Context(self._problem, delivers=True, may_wait=True)
        return made


def _asked(whole: bytes) -> CacheKey:
    """What a request asks that is *whole* and good HTTP."""
    line, _, rest = whole.partition(b"\r\n")
    target, _, version = line.rpartition(b" ")
    path, _, query = target.partition(b"?")
    return CacheKey(whole, (path, version, rest), query.decode("latin-1"))


def _header(header: tuple[str, str]) -> bytes:
    return f"{header[0]}: {header[1]}\r\n".encode("latin-1")
