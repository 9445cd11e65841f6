"""What a waiting user sees while a run takes its time."""

import time
from typing import TextIO

_TIMEOUT = 20.0
"""Seconds after which a log, where nothing can be written over, gets a line."""


class Progress:
    """Says on a terminal, or now and then in a log, how far a run is."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._terminal = stream.isatty()
        self._told = time.monotonic()

    def __call__(self, done: int, checks: int, calls: int) -> None:
        """*done* of *checks* are made, with so many *calls*."""
        text = f"{done} of {checks} checks, {calls} calls"
        if self._terminal:
            self._stream.write(f"\r{text}\x1b[K")
        elif time.monotonic() - self._told >= _TIMEOUT:
            self._stream.write(f"{text}\n")
            self._told = time.monotonic()
        self._stream.flush()

    def end(self) -> None:
        """Leave the line clean."""
        if self._terminal:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
