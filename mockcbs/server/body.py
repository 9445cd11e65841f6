"""The body of a request while it arrives: in memory, or in a temporary file if it is large."""

import io
import tempfile
from typing import BinaryIO

from mockcbs.web.bodies import MAX_IN_MEMORY


class Body:
    """Bytes that are appended and then read once. The file has no name: it is gone with its process."""

    def __init__(self, content: bytes = b"") -> None:
        self._memory = bytearray(content)
        self._file: BinaryIO | None = None
        self._size = len(content)

    def __len__(self) -> int:
        return self._size

    @property
    def on_disk(self) -> bool:
        """Whether it is in a file."""
        return self._file is not None

    def append(self, piece: bytes) -> None:
        """Add *piece*; raises `OSError` if the disk is full."""
        self._size += len(piece)
        if self._file is None and self._size > MAX_IN_MEMORY:
            self._file = tempfile.TemporaryFile(prefix="mockcbs-")  # noqa: SIM115 - closed by its reader
            self._file.write(self._memory)
            self._memory.clear()
        if self._file is None:
            self._memory += piece
        else:
            self._file.write(piece)

    def open(self) -> BinaryIO:
        """The bytes, from the first one on."""
        if self._file is None:
            return io.BytesIO(self._memory)
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        """Give back the room on the disk."""
        if self._file:
            self._file.close()
