"""The progress of a run, for a waiting user."""

import time
from typing import TextIO

_LOG_INTERVAL = 20.0
"""Seconds between two lines in a log, where a line cannot be overwritten."""


class Progress:
    """Shows the progress of a run on a terminal, or from time to time in a log."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._terminal = stream.isatty()
        self._told = time.monotonic()

    def __call__(self, done: int, checks: int, calls: int) -> None:
        """*done* of *checks* are made, with so many *calls*."""
        text = f"{done} of {checks} checks, {calls} calls"
        if self._terminal:
            self._stream.write(f"\r{text}\x1b[K")
        elif time.monotonic() - self._told >= _LOG_INTERVAL:
            self._stream.write(f"{text}\n")
            self._told = time.monotonic()
        self._stream.flush()

    def end(self) -> None:
        """Clear the line."""
        if self._terminal:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
