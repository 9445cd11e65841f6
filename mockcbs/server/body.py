"""The body of a request while it is received: in memory, or in a temporary file if it is large."""

import io
import tempfile
from collections import deque
from threading import Lock
from typing import BinaryIO, cast

from mockcbs.core.errors import BackendError, disk_error
from mockcbs.web.bodies import MAX_IN_MEMORY


class Body:
    """Bytes that are appended and then read once. The file has no name: it is gone with its process.

    The event loop appends, which writes nothing; `write_out` and `open` write, and belong in a thread if the
    body is large.
    """

    def __init__(self, content: bytes = b"") -> None:
        self._memory = bytearray(content)
        self._unwritten: deque[bytearray] = deque()
        self._size = len(content)
        self._file: BinaryIO | None = None
        self._lock = Lock()
        self._closed = False
        self.on_disk = False
        """Whether it is in a file, or will be."""
        self.failure: BackendError | None = None
        """Why it could not be written; what came is then lost."""

    def __len__(self) -> int:
        return self._size

    @property
    def awaits_writing(self) -> bool:
        """Whether a part is large enough to be written out."""
        return bool(self._unwritten)

    def append(self, piece: bytes) -> None:
        """Add *piece*."""
        self._size += len(piece)
        self._memory += piece
        if len(self._memory) > MAX_IN_MEMORY:
            self.on_disk = True
            self._unwritten.append(self._memory)
            self._memory = bytearray()

    def write_out(self) -> None:
        """Write the parts that are large enough to the file."""
        with self._lock:
            self._write()

    def open(self) -> BinaryIO:
        """The bytes, from the first one on; none after a failure."""
        if not self.on_disk:
            return io.BytesIO(self._memory)
        with self._lock:
            self._unwritten.append(self._memory)
            self._memory = bytearray()
            self._write()
            if self.failure or self._file is None:
                return io.BytesIO()
            self._file.seek(0)
            return self._file

    def close(self) -> None:
        """Free the memory or disk space."""
        with self._lock:
            self._closed = True
            self._unwritten.clear()
            if self._file:
                self._file.close()

    def _write(self) -> None:
        try:
            while self._unwritten:
                piece = self._unwritten.popleft()
                if not (self.failure or self._closed):
                    self._file = self._file or _temporary()
                    self._file.write(piece)
            if self._file and not self._closed:
                self._file.flush()
        except OSError as error:
            self.failure = disk_error(error, tempfile.gettempdir())


def _temporary() -> BinaryIO:
    return cast("BinaryIO", tempfile.TemporaryFile(prefix="mockcbs-"))
