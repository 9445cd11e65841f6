"""HTTP on one connection of a replica: before a request, a look at what others have changed."""

from functools import partial
from typing import Any

from uvicorn.protocols.utils import is_ssl

from mockcbs.backend.base import Feed
from mockcbs.core.waiting import no_waiting
from mockcbs.server.cache import Miss
from mockcbs.server.protocol import HttpProtocol
from mockcbs.server.templates import Hit


class LookingProtocol(HttpProtocol):
    """One connection. What a client sends is read after a look that began when it came (law 11).

    Requests that come while a look is under way share the next one. The response cache is asked on the event
    loop, where nothing may wait for a database; the application responds in threads, where it may.
    """

    IN_THREADS = True

    def __init__(self, *arguments: Any, feed: Feed, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._feed = feed
        self._ended = False
        """Whether the client sends no more."""

    def data_received(self, data: bytes) -> None:
        """Bytes from the client."""
        self._unread += 1
        self._feed.after_look(self.loop, partial(self._read, data))

    def eof_received(self) -> bool:
        """The client sends no more: respond to what it sent before."""
        busy = bool(self._unread or self._streams or self._waiting)
        self._ended = busy and not is_ssl(self._transport)
        return self._ended

    def _read(self, data: bytes) -> None:
        self._unread -= 1
        if not self._transport.is_closing():
            super().data_received(data)
            self._rest()

    def _look_up(self, whole: bytes) -> Hit | Miss | None:
        with no_waiting():
            return super()._look_up(whole)

    def _rest(self) -> None:
        if self._ended and not (self._unread or self._streams or self._waiting or self._stepping):
            self._transport.close()
