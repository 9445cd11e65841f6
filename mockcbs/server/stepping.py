"""Carrying out a delivery on the event loop: one step after the other, while other clients are served."""

import asyncio
from collections.abc import Callable, Iterator
from functools import partial

from uvicorn.protocols.http.flow_control import FlowControl

from mockcbs.core.platform import reset_when_closed
from mockcbs.faults.delivery import End, Step
from mockcbs.faults.swap import SWAP_TIMEOUT, Held
from mockcbs.server.disconnect import Disconnect

_WRITE_PAUSE = 0.01
"""Seconds until a step that must wait for the client to read is tried again."""


class Stepping:
    """The deliveries of one connection; there is one at a time."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        transport: asyncio.Transport,
        flow: FlowControl,
        then: Callable[[bool], None],
    ) -> None:
        """After the last step, *then* is called with whether the connection stays open."""
        self._loop, self._transport, self._flow, self._then = loop, transport, flow, then
        self._steps: Iterator[Step] | None = None
        self._next: asyncio.Handle | None = None
        self._disconnect: Disconnect | None = None

    def __bool__(self) -> bool:
        """Whether a delivery is under way."""
        return self._steps is not None

    def start(self, steps: Iterator[Step], *, keep_alive: bool) -> None:
        """Take *steps*, the first of them in the next turn of the loop."""
        self._steps = steps
        self._next = self._loop.call_soon(self._take, keep_alive)

    def close(self) -> None:
        """Take no more steps: the connection is gone."""
        if self._next:
            self._next.cancel()
        self._end()
        self._then = _ignore

    def watch(self) -> None:
        """Notice that the client disconnects, although nothing is read from it until the last step."""
        if self._disconnect is None:
            connection = self._transport.get_extra_info("socket")
            self._disconnect = Disconnect(self._loop, connection, self._transport.abort)

    def cut(self, how: End) -> None:
        """End the connection in the middle."""
        if how is End.CLOSE:
            self._transport.close()
            return
        reset_when_closed(self._transport.get_extra_info("socket"))
        self._transport.abort()

    def _take(self, keep_alive: bool) -> None:
        """Take the next steps, up to one that waits, or to the last."""
        for step in self._steps or ():
            if isinstance(step, bytes):
                self._transport.write(step)
                if self._flow.write_paused:
                    self._next = self._loop.call_later(_WRITE_PAUSE, self._take, keep_alive)
                    return
            elif isinstance(step, End):
                self.cut(step)
                return
            elif isinstance(step, Held):
                step.on_exchange = partial(self._hurry, keep_alive)
                self._next = self._loop.call_later(SWAP_TIMEOUT, self._take, keep_alive)
                return
            else:
                self._next = self._loop.call_later(step, self._take, keep_alive)
                return
        self._end()
        self._then(keep_alive)

    def _hurry(self, keep_alive: bool) -> None:
        """Do not wait for the next steps any longer."""
        if self._next:
            self._next.cancel()
            self._next = self._loop.call_soon(self._take, keep_alive)

    def _end(self) -> None:
        self._steps = self._next = None
        if self._disconnect:
            self._disconnect.close()
            self._disconnect = None


def _ignore(_: bool) -> None:
    """Do nothing for a connection that is gone."""
