"""Noticing that a client leaves while nothing of what it sends is read."""

import asyncio
import select
import socket
from collections.abc import Callable

_TELLS = hasattr(select, "EPOLLRDHUP")
"""Linux tells without reading; elsewhere a client that leaves is noticed when reading goes on."""


class Leaving:
    """Watches one connection."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, connection: socket.socket, then: Callable[[], None]
    ) -> None:
        """Call *then* when the other end hangs up, whatever it has sent before that."""
        self._loop = loop
        self._poll = select.epoll() if _TELLS else None
        if self._poll:
            self._poll.register(connection.fileno(), select.EPOLLRDHUP)
            loop.add_reader(self._poll.fileno(), then)

    def close(self) -> None:
        """Stop watching."""
        if self._poll:
            self._loop.remove_reader(self._poll.fileno())
            self._poll.close()
