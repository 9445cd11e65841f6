"""Reads of one connection, between which other connections have their turn."""

import asyncio
import threading
from abc import abstractmethod

from mockcbs.server.limits import MAX_READ


class _Buffer(threading.local):
    """Where a loop receives from any connection; it is copied at once.

    Each thread has its own, since the loops of two servers in one process receive at the same time.
    """

    def __init__(self) -> None:
        self.view = memoryview(bytearray(MAX_READ))


class FairReads(asyncio.BufferedProtocol):
    """Receives at most `MAX_READ` bytes in one turn of the loop.

    uvloop would read 256 KB up to 32 times before any other connection: these may be 100,000 requests.
    """

    _buffer = _Buffer()

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where to put bytes from the client."""
        del sizehint
        return self._buffer.view

    def buffer_updated(self, nbytes: int) -> None:
        """Receive bytes from the client; if there may be more of them, let other connections go first."""
        self.data_received(bytes(self._buffer.view[:nbytes]))
        if nbytes == MAX_READ:
            self.read_next_turn()

    @abstractmethod
    def data_received(self, data: bytes) -> None:
        """Receive bytes from the client."""

    @abstractmethod
    def read_next_turn(self) -> None:
        """Read no more in this turn of the loop."""
