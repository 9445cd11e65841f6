"""One process that serves one mock."""

import errno
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from wsgiref.types import WSGIApplication

import uvicorn

from mockcbs.core.errors import UserError
from mockcbs.core.platform import STOP_SIGNALS
from mockcbs.server.protocol import HttpProtocol

_BACKLOG = 2048


class CannotListenError(UserError):
    """The address is taken or is not ours."""


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens on *host* and *port* (0 picks a free one); raises `CannotListenError`."""
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            why = "is in use; choose another --port, or --port 0 for a free one"
        else:
            why = f"cannot be listened on: {error.strerror or error}"
        raise CannotListenError(f"{host}:{port} {why}") from error
    return listener


class Server(uvicorn.Server):
    """uvicorn with our front door; says when it is ready, and stops quietly on Ctrl-C or SIGTERM."""

    def __init__(
        self,
        app: WSGIApplication,
        *,
        tls: ssl.SSLContext | None = None,
        shared: bool = False,
        on_ready: Callable[[], None],
    ) -> None:
        """*shared* sockets are those that other processes accept connections from, too."""
        config = uvicorn.Config(
            app,
            http=HttpProtocol,
            ws="none",
            interface="asgi3",
            lifespan="off",
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_config=None,
            log_level="critical",
            timeout_graceful_shutdown=1,
            backlog=1 if shared else _BACKLOG,
        )
        config.load()
        config.ssl = tls
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the door, then tell."""
        await super().startup(sockets)
        for listener in sockets or ():
            listener.listen(_BACKLOG)  # asyncio takes as many at once as it was told to let wait: all, or one
        await self.on_tick(0)
        self._on_ready()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Stop on a signal, without raising it again afterwards; in a thread, whoever started it stops it."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in STOP_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
