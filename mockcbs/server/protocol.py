"""HTTP on one connection with the behaviour of the services' gateway. It calls the application directly."""

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, cast
from wsgiref.types import WSGIApplication

from uvicorn.config import Config
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.utils import get_local_addr, get_remote_addr, is_ssl
from uvicorn.server import ServerState

from mockcbs.core.waiting import StartOver, on_loop
from mockcbs.faults.delivery import Delivery, End
from mockcbs.server.backlog import Backlog
from mockcbs.server.environ import of_connection, split
from mockcbs.server.intake import Intake
from mockcbs.server.limits import MAX_READ, MAX_UNREAD, MAX_WAITING, STOP_TIMEOUT
from mockcbs.server.pieces import send
from mockcbs.server.reader import Phase, Reader, Request, of_request
from mockcbs.server.responses import Response, Responses, Waiting
from mockcbs.server.stepping import Stepping
from mockcbs.server.timeouts import Timeouts
from mockcbs.web.cache.response_cache import Miss, ResponseCache
from mockcbs.web.cache.templates import Hit
from mockcbs.web.context import KEY, Context
from mockcbs.web.json import PacedStream

_MAX_CACHE_KEY = 8 * 1024
"""The maximum size of a request that is looked up in the response cache, in bytes."""

_NO_RESPONSE = "a bug in mockcbs: the application did not answer"

log = logging.getLogger("mockcbs")


class HttpProtocol(Timeouts):
    """One connection: calls the WSGI application for each request in order, and writes its responses.

    A request needs neither a task nor a thread. A response that a scenario delays or breaks is sent step by
    step on the loop while other connections are served; later requests of its own connection wait. A
    `PacedStream` is sent by one of uvicorn's `tasks`, and is the last response of the connection unless its
    length is known. A request with a body on disk is handled in a thread, as reading takes long; so is one
    whose view is marked as slow (`mockcbs.core.waiting`).

    Of requests that arrive together, some are parsed and one is answered before other connections have their
    turn.

    A single complete request that the response cache knows, exactly or except for its query, is answered
    without being parsed.
    """

    IN_THREADS = False
    """Whether the application is called in threads, as it may wait for a database."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any] | None = None,
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        del app_state
        self.loop = _loop or asyncio.get_running_loop()
        self._state, self._keep_alive_timeout = server_state, config.timeout_keep_alive
        wsgi = cast("WSGIApplication", config.loaded_app)
        self._cache = wsgi if isinstance(wsgi, ResponseCache) else None
        self._responses = Responses(wsgi, server_state)
        self._reader = Reader(self._line_up, self._expect)
        self._backlog = Backlog()
        self._waiting: deque[Waiting] = deque()
        self._streams = self._stopping = self._owes_continue = False
        self.unread: deque[bytes] = deque()
        """What was received and left for later."""
        self._idle_since = self.loop.time()
        self._flow: FlowControl
        self._intake: Intake
        self._stepping: Stepping

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Handle a new connection."""
        self._transport = cast("asyncio.Transport", transport)
        self._state.connections.add(cast("Any", self))
        self._flow = FlowControl(self._transport)
        self._stepping = Stepping(self.loop, self._transport, self._flow, self._delivered)
        host, port = get_local_addr(self._transport) or ("127.0.0.1", 0)
        client = get_remote_addr(self._transport)
        scheme = "https" if is_ssl(self._transport) else "http"
        self._of_connection = of_connection(scheme, host, port or 0, client[0] if client else "")
        self._intake = Intake(
            self.loop,
            self._reader,
            self._cache.app if self._cache else None,
            self._of_connection,
            read=self._parse,
            break_off=self._break_off,
            pause=self._flow.pause_reading,
            resume=self._resume_reading,
        )

    def connection_lost(self, exc: Exception | None) -> None:
        """Handle the end of the connection: nothing more is sent."""
        del exc
        self._state.connections.discard(cast("Any", self))
        self._stepping.close()
        self._intake.close()
        self._reader.close()
        self._forget_waiting()
        self._flow.resume_writing()

    def read_next_turn(self) -> None:
        """Read no more in this turn of the loop."""
        if not self._transport.is_closing():
            self._flow.pause_reading()
            self.loop.call_soon(self._read_more)

    def _read_more(self) -> None:
        queued = len(self._waiting) >= MAX_WAITING if self._stepping else self._waiting
        if not (queued or self._streams or self._intake.is_busy or self._transport.is_closing()):
            self._continue_reading()

    def _continue_reading(self) -> None:
        """Read again, unless enough is received that was left for later."""
        if not self._backlog and len(self.unread) < MAX_UNREAD:
            self._flow.resume_reading()

    def data_received(self, data: bytes) -> None:
        """Receive bytes from the client."""
        if self._discards_since is not None:
            return
        if self._backlog and not self._intake.is_busy:
            self._backlog.add(data)
            self._stop_reading()
            return
        found = self._look_up(data) if self._at_rest() and data.startswith(b"GET ") else None
        if isinstance(found, Hit):
            self._send_hit(found)
        elif found or not self._intake.takes(data):
            self._parse(data, found)

    def _parse(self, data: bytes, found: Miss | None = None) -> None:
        """Read *data*; *found* is what the response cache knows about the request."""
        in_turn = bool(self._waiting)
        self._backlog.add(data)
        self._parse_more(found)
        if not in_turn:
            self._answer_next()

    def _parse_more(self, found: Miss | None = None) -> None:
        """Parse what is received, until there are requests; the rest follows when they are answered."""
        reader, queued = self._reader, len(self._waiting)
        while self._backlog and len(self._waiting) == queued < MAX_WAITING:
            reader.feed(self._backlog.take(reader.missing), self.loop.time())
            if reader.body:
                self._owes_continue = False
            self._intake.write_out()
        if self._backlog:
            self._stop_reading()
        elif found and reader.phase is Phase.BETWEEN and len(self._waiting) == 1 and not reader.ended:
            request, keep_alive, _ = self._waiting[0]
            if keep_alive and "HTTP_EXPECT" not in request:  # the response to it precedes the other one
                this: Context = request[KEY]
                this.cache_key, this.request_id = found

    def _stop_reading(self) -> None:
        """Read no more until requests are answered."""
        self._flow.pause_reading()
        if self._stepping:
            self._stepping.watch()

    def _break_off(self) -> None:
        """Respond to a request whose rest is not read."""
        self._line_up(self._reader.begun)
        self._answer_next()

    def _resume_reading(self) -> None:
        if not (self._streams or self._waiting):
            self._continue_reading()

    def _forget_waiting(self) -> None:
        self._backlog.clear()
        for waiting in self._waiting:
            waiting.body.close()
        self._waiting.clear()

    def _at_rest(self) -> bool:
        """Whether no request and no response is in progress."""
        return self._reader.phase is Phase.BETWEEN and not (
            self._waiting
            or self._stepping
            or self._streams
            or self._flow.write_paused
            or self._stopping
            or self._transport.is_closing()
        )

    def _look_up(self, whole: bytes) -> Hit | Miss | None:
        """The cached response to the complete request *whole*; `None` if the cache is not asked."""
        return self._cache.lookup(whole, split) if self._cache and len(whole) <= _MAX_CACHE_KEY else None

    def _send_hit(self, hit: Hit) -> None:
        self._transport.write(self._responses.head(hit.code, hit.lines, keep_alive=True) + hit.body)
        self._idle_since = self.loop.time()

    def _is_busy(self) -> bool:
        reading = self.unread or self._backlog or self._intake.is_busy
        return bool(reading or self._streams or self._waiting or self._stepping)

    def shutdown(self) -> None:
        """Stop: answer a request that has begun to arrive, but do not wait long for it."""
        self._stopping = True
        self.loop.call_later(STOP_TIMEOUT, self._transport.abort)
        if self._stepping or self._streams:
            self._transport.close()
        elif self._reader.phase is Phase.BETWEEN and not (self._waiting or self._backlog or self.unread):
            self._close_if_quiet()

    # Requests

    def _line_up(self, request: Request) -> None:
        """Queue *request* behind the earlier ones."""
        self._owes_continue = False
        made = of_request(request, self._of_connection, looked=self.IN_THREADS)
        if drawn := self._intake.drawn():
            made[KEY].drawn, made[KEY].paced = drawn, True
        self._waiting.append(Waiting(made, request.keep_alive and not self._stopping, request.body))
        if self._stepping and len(self._waiting) >= MAX_WAITING:
            self._stop_reading()

    def _expect(self) -> None:
        """Queue a 100 Continue behind the responses to earlier requests."""
        self._owes_continue = True
        if not self._waiting and not self._stepping and not self._streams:
            self._continue()

    def _continue(self) -> None:
        if self._owes_continue and not self._transport.is_closing():
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._owes_continue = False

    def _answer_next(self) -> None:
        """Answer one request. Others of this connection wait until other connections had their turn."""
        if self._transport.is_closing() or self._discards_since is not None:
            self._forget_waiting()
        if self._stepping or self._streams:
            return
        if not self._waiting:
            if self._backlog:
                self._parse_more()
                self._go_on()
            return
        if self._flow.write_paused:
            self._flow.pause_reading()
            return
        waiting = self._waiting[0]
        if waiting.body.on_disk or self.IN_THREADS:
            self._beside(self._respond_in_thread(waiting))
        else:
            self._respond(waiting)
        if self._waiting:  # a closed connection has no queue any more
            self._waiting.popleft()
        if not self._stepping and not self._streams:
            self._go_on()

    def _go_on(self) -> None:
        """Continue after a response: with the next request, or by waiting for one."""
        if self._waiting or self._backlog:
            self._flow.pause_reading()
            self.loop.call_soon(self._answer_next)
            return
        self._idle_since = self.loop.time()
        if not self._transport.is_closing():
            self._continue()
            self._continue_reading()
            self._rest()

    def _rest(self) -> None:
        """Handle the state in which all requests are answered."""

    def pause_writing(self) -> None:
        """Stop writing: the client does not read."""
        self._paused_since = self.loop.time()
        self._flow.pause_writing()

    def resume_writing(self) -> None:
        """Continue writing: the client reads again."""
        self._paused_since = None
        self._flow.resume_writing()
        self._answer_next()

    # Responses

    def _respond(self, waiting: Waiting) -> None:
        try:
            with on_loop():
                response = self._responses.response(waiting)
        except StartOver:
            self._beside(self._respond_in_thread(waiting.again()))
            return
        except Exception:  # the parser would treat the exception as the client's error and answer 400
            log.exception(_NO_RESPONSE)
            self._transport.abort()
            return
        self._write(waiting, response)

    async def _respond_in_thread(self, waiting: Waiting) -> None:
        try:
            response = await self.loop.run_in_executor(None, self._responses.final, waiting)
        except Exception:  # no task waits for the result
            log.exception(_NO_RESPONSE)
            self._transport.abort()
            return
        finally:
            self._streams = False
        if self._transport.is_closing():
            return
        self._write(waiting, response)
        if not self._stepping and not self._streams:
            self._go_on()

    def _write(self, waiting: Waiting, response: Response) -> None:
        head, body, stream, keep_alive = response
        delivery: Delivery | None = waiting.request[KEY].delivery
        if delivery:
            steps = delivery.steps(head, body if stream is None else stream)
            self._stepping.start(steps, keep_alive=keep_alive)
            if len(self._backlog) < MAX_READ and len(self.unread) < MAX_UNREAD:
                self._flow.resume_reading()  # otherwise a disconnect of the client would not be detected
            else:
                self._stepping.watch()
            return
        self._transport.write(head + body)
        if stream:
            self._beside(self._send(stream, keep_alive=keep_alive))
        elif not keep_alive:
            self._close()

    def _delivered(self, keep_alive: bool) -> None:
        if not keep_alive:
            self._close()
        self._go_on()

    def _close(self) -> None:
        """Close the connection after the last response.

        What a rejected client still sends is read and dropped for a while. Otherwise the system sends a reset
        for unread bytes, and the client may lose the response.
        """
        if not self._reader.ended:
            self._transport.close()
            return
        self._discards_since = self.loop.time()
        self._forget_waiting()
        if self._transport.can_write_eof():
            self._transport.write_eof()
        self._flow.resume_reading()

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        """Run *work* in a task; meanwhile nothing is read from the client."""
        self._streams = True
        self._flow.pause_reading()
        task = self.loop.create_task(work)
        self._state.tasks.add(task)
        task.add_done_callback(self._state.tasks.discard)

    async def _send(self, stream: PacedStream, *, keep_alive: bool) -> None:
        try:
            await send(stream, self._transport, self._flow, self.loop, in_threads=self.IN_THREADS)
            self._streams = False
            if keep_alive:
                self._go_on()
            else:
                self._transport.close()
        except Exception:  # no task waits for the result, and the client must not take a part for the whole
            log.exception("a bug in mockcbs: a stream broke off")
            self._stepping.cut(End.RESET)
        finally:
            with suppress(ValueError):  # a thread is still making a piece while the server stops
                stream.close()
