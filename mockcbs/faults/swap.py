"""Swapped responses: a response waits for another one, and each call receives the body of the other."""

import threading
from collections.abc import Callable

SWAP_TIMEOUT = 1.0
"""Seconds that a response waits for another one."""


class Held:
    """The body of a response that waits for a swap."""

    def __init__(self, own: bytes, otherwise: bytes) -> None:
        self._own = own
        self.body = otherwise
        """The body that its call receives now."""
        self.waits = True
        self.on_exchange: Callable[[], None] = lambda: None
        """Called when the wait is over."""

    def exchange(self, body: bytes) -> bytes:
        """Give *body* to the waiting call, and return the body that this call would have received."""
        self.body, self.waits = body, False
        self.on_exchange()
        return self._own


class Swaps:
    """The swaps of one scenario."""

    def __init__(self) -> None:
        self._held: Held | None = None
        self._last: bytes | None = None
        self._lock = threading.Lock()

    def meet(self, body: bytes, *, may_wait: bool) -> tuple[bytes, Held | None]:
        """Swap *body* with a waiting response; return the body to send, and the wait if none was waiting.

        If no other response comes in time, the call receives the body of the call before it; the first call
        receives its own.
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
