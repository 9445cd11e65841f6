"""How the bytes of one connection come to its reader: large bodies go to disk, and some are read slowly."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from wsgiref.types import WSGIEnvironment

from flask import Flask

from mockcbs.core.waiting import WouldWaitError, no_waiting
from mockcbs.hooks import faults
from mockcbs.server.reader import Phase, Reader, of_request
from mockcbs.web.context import Drawn

_PIECE = 0.05
"""Approximate seconds between two pieces of a body that is read slowly."""

_AT_ONCE = 1e12
"""Bytes per second of a body that is not slow."""

_END_OF_HEAD = b"\r\n\r\n"

log = logging.getLogger("mockcbs")


class Intake:
    """Stands before the reader of one connection.

    While bytes are written to disk or wait to be read, nothing more is read from the client, whose sending
    then comes to a stop, as it does with a slow server.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        reader: Reader,
        app: Flask | None,
        connection: WSGIEnvironment,
        *,
        read: Callable[[bytes], None],
        break_off: Callable[[], None],
        pause: Callable[[], None],
        resume: Callable[[], None],
    ) -> None:
        """Scenarios of *app* may slow uploads down; without it, nothing does.

        *read* is given the bytes in their time; *pause* and *resume* stop the client's sending. *break_off*
        is called when the rest of a body shall not be read.
        """
        self._loop, self._reader, self._app = loop, reader, app
        self._connection = connection
        self._read, self._break_off = read, break_off
        self._pause, self._resume = pause, resume
        self._held: bytearray | None = None
        """The received bytes of a slowly read body that were not read yet."""
        self._rate: float | None = None
        """Bytes per second at which it is read; `None` until a scenario has decided."""
        self._ends_at: int | None = None
        """After how many bytes its connection is reset."""
        self._next: asyncio.TimerHandle | None = None
        self._writes = self._decides = False
        """Whether a thread writes to disk, and whether one asks the scenario."""
        self._drawn: Drawn | None = None

    @property
    def is_busy(self) -> bool:
        """Whether it is the client that waits."""
        return self._writes or bool(self._held) or self._decides

    def _in_body(self) -> bool:
        return self._reader.phase is Phase.BODY

    def close(self) -> None:
        """The connection is gone."""
        self._held = None
        self._read = self._break_off = self._pause = self._resume = _ignore
        if self._next:
            self._next.cancel()

    def drawn(self) -> Drawn | None:
        """The fault that a scenario has chosen for the last request, if it chose before the end of the
        request.
        """
        drawn, self._drawn = self._drawn, None
        return drawn

    def takes(self, data: bytes) -> bool:
        """Whether *data* is read later, piece by piece, as the body of a slow upload."""
        if self._held is not None:
            self._held += data
            self._go_on()
            return True
        if self._in_body() or data.startswith(b"GET ") or not self._may_be_slow(data):
            return False
        head, end, body = data.partition(_END_OF_HEAD)
        self._read(head + end)
        if self._in_body():
            self._held = bytearray(body)
            self._pause()
            self._decide()
        elif body:
            self._read(body)
        return True

    def write_out(self) -> None:
        """Write what is large of the present body to disk, in a thread, before more of it is read."""
        body = self._reader.body
        if self._writes or not self._in_body() or not body.awaits_writing:
            return
        self._writes = True
        self._pause()
        self._loop.run_in_executor(None, body.write_out).add_done_callback(self._written)

    def _written(self, writing: asyncio.Future[None]) -> None:
        self._writes = False
        writing.result()
        self.write_out()
        if not self.is_busy:
            self._resume()

    # Slow uploads

    def _may_be_slow(self, data: bytes) -> bool:
        """Whether a scenario may slow down the request that begins with *data*."""
        if self._app is None:
            return False
        try:
            with no_waiting:
                return faults.concern_uploads(self._app) or b"scenario=" in data
        except WouldWaitError:
            return True

    def _decide(self) -> None:
        """Ask the scenario, in a thread, as it may count in a database."""
        if self._app:
            head = of_request(self._reader.begun, self._connection, looked=True)
            draw = partial(faults.draw_upload, self._app, head)
            self._decides = True
            self._loop.run_in_executor(None, draw).add_done_callback(self._decided)

    def _decided(self, drawing: asyncio.Future[Drawn | None]) -> None:
        self._decides = False
        try:
            self._drawn = drawing.result()
        except Exception:  # the client must not wait for ever
            log.exception("a bug in mockcbs: no fault was chosen for an upload")
        fault = self._drawn[1] if self._drawn else None
        if self._held is None:
            return
        if fault and fault.then.wire == "reset-upload":
            self._ends_at = max(1, self._reader.expected // 2)
        self._rate = fault.then.upload_bytes_per_second if fault else None
        if self._rate or self._ends_at:
            self._rate = self._rate or _AT_ONCE
            self._go_on()
        else:
            self._release()

    def _go_on(self) -> None:
        """Read the next piece after the time that it takes to come."""
        if self._next or self._rate is None:
            return
        if not self._held:
            self._resume()
            return
        self._pause()
        size = min(len(self._held), max(1, round(self._rate * _PIECE)))
        if self._ends_at:
            size = min(size, self._ends_at - len(self._reader.body))
        self._next = self._loop.call_later(size / self._rate, self._read_piece, size)

    def _read_piece(self, size: int) -> None:
        self._next = None
        if self._held is None:
            return
        piece = bytes(self._held[:size])
        del self._held[:size]
        self._read(piece)
        if self._in_body() and not self._reader.ended:
            if self._ends_at and len(self._reader.body) >= self._ends_at:
                self._held = None
                self._break_off()
            else:
                self._go_on()
        else:
            self._release()

    def _release(self) -> None:
        """Read the rest at once: nothing slows it down, or it belongs to the next request."""
        held, self._held, self._rate, self._ends_at = self._held, None, None, None
        if held:
            self._read(bytes(held))
        if not self.is_busy:
            self._resume()


def _ignore(*_: bytes) -> None:
    """Do nothing for a connection that is gone."""
