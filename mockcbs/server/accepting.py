"""Accepts connections in batches, so that new clients do not wait for busy ones."""

import asyncio
import errno
import logging
import os
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress

from mockcbs.server.limits import ACCEPT_PAUSE, HEAD_TIMEOUT, RESERVED_FILES

log = logging.getLogger("mockcbs")

_EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
_UNTRUSTED = "it does not trust the CA; docs/tls.md describes how to install it"
_TLS_MISTAKES = {
    "HTTP_REQUEST": "it speaks plain HTTP; its base URL must begin with https://",
    "TLSV1_ALERT_UNKNOWN_CA": _UNTRUSTED,
    "SSLV3_ALERT_BAD_CERTIFICATE": _UNTRUSTED,
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN": _UNTRUSTED,
}
"""The usual mistakes with TLS, by the reason that OpenSSL reports."""


class _Reserve:
    """Descriptors for the files of requests, kept from new connections."""

    def __init__(self, count: int) -> None:
        """Keep *count* descriptors, or half of those that are left if these are fewer than twice as many."""
        self._kept: list[int] = []
        self._fill(2 * count)
        self._count = min(count, len(self._kept) // 2)
        self.release(len(self._kept) - self._count)

    def release(self, count: int | None = None) -> None:
        """Free *count* descriptors, or all."""
        for _ in range(len(self._kept) if count is None else count):
            os.close(self._kept.pop())

    def restore(self) -> bool:
        """Keep the descriptors again; false if too few are free."""
        self._fill(self._count)
        if len(self._kept) == self._count:
            return True
        self.release()
        return False

    def _fill(self, count: int) -> None:
        with suppress(OSError):
            while len(self._kept) < count:
                self._kept.append(os.open(os.devnull, os.O_RDONLY))


class Acceptor:
    """Accepts the connections of one listening socket.

    uvloop accepts only one connection in a turn of its loop, and serves every busy connection in that turn.
    """

    def __init__(
        self,
        listener: socket.socket,
        make_protocol: Callable[[], asyncio.BaseProtocol],
        tls: ssl.SSLContext | None,
        batch: int,
    ) -> None:
        """*batch* is the maximum number of connections accepted in a turn. Raises `NotImplementedError` on
        loops without support.
        """
        self._loop = asyncio.get_running_loop()
        self._listener, self._make, self._tls, self._batch = listener, make_protocol, tls, batch
        self._connecting: set[asyncio.Task[None]] = set()
        self._resume: asyncio.TimerHandle | None = None
        self._reserve = _Reserve(RESERVED_FILES)
        listener.setblocking(False)
        self._loop.add_reader(listener.fileno(), self._accept)

    def close(self) -> None:
        """Stop accepting."""
        if self._resume:
            self._resume.cancel()
        self._reserve.release()
        self._loop.remove_reader(self._listener.fileno())

    async def wait_closed(self) -> None:
        """Wait until the connections that are being set up are ready."""
        await asyncio.gather(*self._connecting, return_exceptions=True)

    def _accept(self) -> None:
        for _ in range(self._batch):
            try:
                connection, _ = self._listener.accept()
            except (BlockingIOError, InterruptedError):
                return
            except ConnectionError:  # the client has disconnected
                continue
            except OSError as error:
                if error.errno not in _EXHAUSTED:
                    raise
                self._reserve.release()
                self._loop.remove_reader(self._listener.fileno())
                self._pause(str(error.strerror))
                return
            connection.setblocking(False)
            task = self._loop.create_task(self._connect(connection))
            self._connecting.add(task)
            task.add_done_callback(self._connecting.discard)

    async def _connect(self, connection: socket.socket) -> None:
        timeout = HEAD_TIMEOUT if self._tls else None
        try:
            await self._loop.connect_accepted_socket(
                self._make, connection, ssl=self._tls, ssl_handshake_timeout=timeout
            )
        except OSError as error:  # the client has disconnected, or does not speak TLS
            if reason := _TLS_MISTAKES.get(getattr(error, "reason", "")):
                log.warning("no TLS with a client: %s", reason)
            connection.close()

    def _pause(self, why: str) -> None:
        """Stop accepting for a while. The socket stays readable, so the loop would retry without end."""
        log.error(
            "no new connections for %g s: %s; raise the limit of open files (ulimit -n)", ACCEPT_PAUSE, why
        )
        self._resume = self._loop.call_later(ACCEPT_PAUSE, self._accept_again)

    def _accept_again(self) -> None:
        if self._reserve.restore():
            self._loop.add_reader(self._listener.fileno(), self._accept)
        else:
            self._pause(os.strerror(errno.EMFILE))
