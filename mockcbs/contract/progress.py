"""Shows the user how far a run is."""

import time
from typing import TextIO

_LOG_INTERVAL = 20.0
"""Seconds between two lines in a log file, where no line can be overwritten."""


class Progress:
    """Shows progress in one line of a terminal, or now and then as a new line in a log file."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._terminal = stream.isatty()
        self._told = time.monotonic()

    def __call__(self, done: int, checks: int, calls: int) -> None:
        """Show that *done* of *checks* are done, after *calls* calls."""
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
