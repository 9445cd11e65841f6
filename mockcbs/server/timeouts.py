"""Closes a connection whose client takes too long."""

import asyncio
import logging
from abc import abstractmethod
from wsgiref.types import WSGIEnvironment

from mockcbs.core.platform import has_input
from mockcbs.server.limits import BODY_TIMEOUT, DISCARD_TIMEOUT, HEAD_TIMEOUT, WRITE_TIMEOUT
from mockcbs.server.reader import Phase, Reader
from mockcbs.server.reads import FairReads

log = logging.getLogger("mockcbs")


class Timeouts(FairReads):
    """A connection that closes after a timeout.

    A timer for each response would cost more than most responses, so the server calls `check_timeouts` at
    intervals.
    """

    _transport: asyncio.Transport
    _reader: Reader
    _of_connection: WSGIEnvironment
    _keep_alive_timeout: float
    """The time without a request, in s."""
    _idle_since: float
    """When the last response was sent, as the loop's time; so are the next two."""
    _paused_since: float | None = None
    """When the client stopped reading a response; `None` if it reads."""
    _discards_since: float | None = None
    """When the server began to drop what the client sends; `None` if it does not."""

    @abstractmethod
    def _is_busy(self) -> bool:
        """Whether something that the client has sent is still to be read or answered."""

    def check_timeouts(self, now: float) -> None:
        """Close the connection if its client took too long; *now* is the loop's time."""
        reader, phase = self._reader, self._reader.phase
        if self._discards_since is not None:
            if now - self._discards_since > DISCARD_TIMEOUT:
                self._transport.close()
        elif self._paused_since is not None:
            if now - self._paused_since > WRITE_TIMEOUT:
                self._give_up("did not read a response", WRITE_TIMEOUT)
        elif self._is_busy():
            reader.since = now  # the client is the one that waits
        elif phase is Phase.HEAD and now - reader.since > HEAD_TIMEOUT:
            self._give_up("did not end the headers of a request", HEAD_TIMEOUT)
        elif phase is Phase.BODY and now - reader.since > BODY_TIMEOUT:
            self._give_up("did not end the body of a request", BODY_TIMEOUT)
        elif phase is Phase.BETWEEN and now - self._idle_since > self._keep_alive_timeout:
            self._close_if_quiet()

    def _give_up(self, what: str, seconds: float) -> None:
        client = self._of_connection["REMOTE_ADDR"]
        log.warning("connection closed: the client %s %s within %g s", client, what, seconds)
        self._transport.abort()

    def _close_if_quiet(self) -> bool:
        """Close the connection unless a request has begun to arrive; that request is read in the next
        turn.
        """
        if has_input(self._transport.get_extra_info("socket").fileno()):
            return False
        self._transport.close()
        return True
