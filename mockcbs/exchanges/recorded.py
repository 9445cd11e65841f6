"""The file of exchanges that ``mockcbs record`` writes."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mockcbs.core.clock import iso, real_now
from mockcbs.core.errors import BackendError, UserError, disk_error

_TAIL = b"\n  ]\n}\n"


class ExchangeFile:
    """A file of exchanges that is complete after every one of them, also on a full disk."""

    def __init__(self, path: Path, upstream: str) -> None:
        """Start the file; raises `UserError`, and leaves no file then."""
        head = {
            "id": path.stem,
            "title": f"Recorded from {iso(real_now(), timespec='seconds')} on",
            "source": urlsplit(upstream).hostname,
            "standing": "recorded",
        }
        text = json.dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}")
        self._path = path
        try:
            self._file = path.open("w+b", buffering=0)
            self._start = self._end = 0
            self._replace(f'{text},\n  "exchanges": ['.encode())
        except BackendError as error:
            self._file.close()
            path.unlink(missing_ok=True)
            raise UserError(str(error)) from error
        except OSError as error:
            raise UserError(f"{path}: {error.strerror}") from error
        self._start = self._end
        self._lock = threading.Lock()
        self.count = 0

    def add(self, exchange: dict[str, Any]) -> None:
        """Append an exchange; after `close` it is ignored.

        Raises `BackendError` if the disk is full; then the file holds the exchanges before.
        """
        text = f"{',' if self.count else ''}\n    {json.dumps(exchange, ensure_ascii=False)}"
        with self._lock:
            if not self._file.closed:
                self._replace(text.encode(), self._end)
                self.count += 1

    def change(self, change: Callable[[str], str]) -> None:
        """Replace the text of all exchanges so far. Raises `BackendError` as `add` does."""
        with self._lock:
            if not self._file.closed:
                written = self._read(self._start).removesuffix(_TAIL)
                self._replace(change(written.decode()).encode(), self._start)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._file.close()

    def _replace(self, text: bytes, start: int = 0) -> None:
        """Write *text* at *start*, and then the end of the file; if that fails, what was there before."""
        before = self._read(start)
        try:
            self._write(text + _TAIL, start)
        except OSError as error:
            self._write(before, start)  # its space is not freed yet
            raise disk_error(error, self._path) from error
        self._end = start + len(text)

    def _read(self, start: int) -> bytes:
        self._file.seek(start)
        return self._file.read()

    def _write(self, text: bytes, start: int) -> None:
        self._file.seek(start)
        rest = memoryview(text)
        while rest:
            rest = rest[self._file.write(rest) :]
        self._file.truncate()
