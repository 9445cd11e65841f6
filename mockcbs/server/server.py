"""One process that serves one mock."""

import asyncio
import errno
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, cast
from wsgiref.types import WSGIApplication

import uvicorn

from mockcbs.backend.base import Feed
from mockcbs.core.errors import UserError
from mockcbs.core.garbage import ShortCollections
from mockcbs.core.platform import STOP_SIGNALS
from mockcbs.server.accepting import Acceptor
from mockcbs.server.limits import BACKLOG, MAX_ACCEPTED, MAX_ACCEPTED_SHARED, MAX_THREADS
from mockcbs.server.looking import LookingProtocol
from mockcbs.server.protocol import HttpProtocol
from mockcbs.settings import ServerSettings

_TICKS = 5
"""The number of uvicorn's ticks (0.1 s each) between two checks of timeouts."""

_SWITCH_INTERVAL = 0.0005
"""The time after which a thread with slow work gives way to the loop, in s. Python's default is ten times
as long.
"""


class CannotListenError(UserError):
    """The address is in use or does not belong to this machine."""


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens on *host* and *port* (0 picks a free port). Raises `CannotListenError`."""
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            why = "is in use; choose another --port, or --port 0 for a free one"
        else:
            why = f"cannot be listened on: {error.strerror or error}"
        raise CannotListenError(f"{host}:{port} {why}") from error
    return listener


class Server(uvicorn.Server):
    """uvicorn with mockcbs's protocol. It reports when it is ready, and stops on Ctrl-C or SIGTERM without
    an error.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        tls: ssl.SSLContext | None = None,
        shared: bool = False,
        keep_alive: float = ServerSettings.keep_alive,
        feed: Feed | None = None,
        on_ready: Callable[[], None],
    ) -> None:
        """*shared* are sockets from which other processes accept connections, too.

        A connection without a request is closed after *keep_alive* seconds. With a *feed*, the application is
        called in threads.
        """
        self._feed = feed
        self._protocol = partial(LookingProtocol, feed=feed) if feed else HttpProtocol
        config = uvicorn.Config(
            app,
            http=cast("Any", self._protocol),
            ws="none",
            interface="asgi3",
            lifespan="off",
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_config=None,
            log_level="critical",
            timeout_graceful_shutdown=1,
            timeout_keep_alive=cast("int", keep_alive),  # a number of seconds, whatever its type
            backlog=1 if shared else BACKLOG,
        )
        config.load()
        config.ssl = tls
        super().__init__(config)
        self._on_ready = on_ready
        self._collections = ShortCollections()
        self._batch = MAX_ACCEPTED_SHARED if shared else MAX_ACCEPTED

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept connections and call *on_ready*."""
        if self._feed:
            threads = ThreadPoolExecutor(MAX_THREADS, "mockcbs request")
            asyncio.get_running_loop().set_default_executor(threads)
        self._collections.start()
        self._switch_interval = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_INTERVAL)
        await super().startup([])
        try:
            self.servers = [cast("Any", self._acceptor(listener)) for listener in sockets or ()]
        except NotImplementedError:  # the loop of Windows accepts many connections at once by itself
            await super().startup(sockets)
        for listener in sockets or ():
            listener.listen(BACKLOG)
        await self.on_tick(0)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop serving."""
        self._collections.stop()
        sys.setswitchinterval(self._switch_interval)
        await super().shutdown(sockets)

    def _acceptor(self, listener: socket.socket) -> Acceptor:
        make = partial(self._protocol, self.config, self.server_state)
        return Acceptor(listener, make, self.config.ssl, self._batch)

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: do uvicorn's own work, and check the timeouts of connections."""
        if counter % _TICKS == 0 or self.config.timeout_keep_alive < 1:
            now = asyncio.get_running_loop().time()
            for connection in list(self.server_state.connections):
                cast("HttpProtocol", connection).check_timeouts(now)
        return await super().on_tick(counter)

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Stop on a signal without raising it again afterwards. In a thread, the caller stops the server."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in STOP_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
