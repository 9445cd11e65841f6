"""Answers that are exchanged: one waits a moment for another, and each call receives the other's."""

import threading
from collections.abc import Callable

SWAP_TIMEOUT = 1.0
"""Seconds an answer waits for another."""


class Held:
    """The body of an answer that waits to be exchanged."""

    def __init__(self, own: bytes, otherwise: bytes) -> None:
        self._own = own
        self.body = otherwise
        """What its call receives as things stand."""
        self.waits = True
        self.on_exchange: Callable[[], None] = lambda: None
        """Called when it need not wait any longer."""

    def exchange(self, body: bytes) -> bytes:
        """Leave *body* for its call, and take what that call would have received."""
        self.body, self.waits = body, False
        self.on_exchange()
        return self._own


class Swaps:
    """Where the answers of one scenario meet."""

    def __init__(self) -> None:
        self._held: Held | None = None
        self._last: bytes | None = None
        self._lock = threading.Lock()

    def meet(self, body: bytes, *, may_wait: bool) -> tuple[bytes, Held | None]:
        """What the call with this answer receives, and how its answer waits if none has come before it.

        Nobody to exchange with: the call receives the answer of the call before it, the first its own.
        """
        with self._lock:
            last, self._last = self._last or body, body
            if self._held and self._held.waits:
                held, self._held = self._held, None
                return held.exchange(body), None
            if not may_wait:
                return last, None
            self._held = Held(body, last)
            return body, self._held
