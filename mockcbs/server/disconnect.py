"""Detects that a client disconnects while the server does not read from its connection."""

import asyncio
from collections.abc import Callable
from typing import Any

from mockcbs.core.platform import disconnect_poll


class Disconnect:
    """Watches one connection. On systems without support, a disconnect is detected when reading continues."""

    def __init__(self, loop: asyncio.AbstractEventLoop, connection: Any, then: Callable[[], None]) -> None:
        """Call *then* when the client closes *connection*, a socket, even if unread bytes came before."""
        self._loop = loop
        self._poll = disconnect_poll(connection.fileno())
        if self._poll:
            loop.add_reader(self._poll.fileno(), then)

    def close(self) -> None:
        """Stop watching."""
        if self._poll:
            self._loop.remove_reader(self._poll.fileno())
            self._poll.close()
