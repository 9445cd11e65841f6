"""HTTP on one connection of a replica: before a request, it checks what other replicas have changed."""

import logging
from typing import Any

from uvicorn.protocols.utils import is_ssl

from mockcbs.backend.base import Feed
from mockcbs.server.limits import MAX_UNREAD
from mockcbs.server.protocol import HttpProtocol

log = logging.getLogger("mockcbs")


class LookingProtocol(HttpProtocol):
    """One connection. A request is handled after a check for changes that began when it arrived (law 11).

    Requests that arrive during a check share the next one. Of each connection at most `MAX_UNREAD` reads wait
    for a check; what else a client sends stays with it while the database hangs.

    The response cache is asked on the event loop, where nothing may wait for a database; the application runs
    in threads, where it may.
    """

    IN_THREADS = True

    def __init__(self, *arguments: Any, feed: Feed, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._after_look, self._read_next = feed.after_look, self._read
        self._ended = False
        """Whether the client has stopped sending."""

    def data_received(self, data: bytes) -> None:
        """Receive bytes from the client."""
        self.unread.append(data)
        if len(self.unread) >= MAX_UNREAD:
            self._stop_reading()
        self._after_look(self.loop, self._read_next)

    def eof_received(self) -> bool:
        """The client has stopped sending: respond to the requests before that."""
        self._ended = self._is_busy() and not is_ssl(self._transport)
        return self._ended

    def _read(self) -> None:
        """Handle what was received before the check; what others have received waits for this to return."""
        data = self.unread.popleft()
        if self._transport.is_closing():
            return
        try:
            HttpProtocol.data_received(self, data)  # half the time of super()
        except Exception:
            log.exception("a bug in mockcbs: a request was not read")
            self._transport.abort()
        if self.unread:
            self._read_more()
        if self._ended:
            self._rest()

    def _rest(self) -> None:
        if self._ended and not self._is_busy():
            self._transport.close()
