"""The calls that are being answered."""

import threading


class InFlight:
    """Knows which calls are being answered, in whatever threads."""

    def __init__(self) -> None:
        self._calls: set[object] = set()
        self._ended = threading.Condition()

    def begin(self) -> object:
        """Note that a call begins; the result is passed to `end`."""
        call = object()
        with self._ended:
            self._calls.add(call)
        return call

    def end(self, call: object) -> None:
        """Note that a call has ended."""
        with self._ended:
            self._calls.discard(call)
            self._ended.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait until the present calls have ended, at most some *seconds*. Return whether they have."""
        with self._ended:
            present = frozenset(self._calls)
            return self._ended.wait_for(lambda: present.isdisjoint(self._calls), seconds)
