"""Forms with files: what a file holds is counted and thrown away, so an upload of any size takes no room."""

import io
from typing import IO, Any, cast

import flask


class Counted(io.RawIOBase):
    """Takes bytes and remembers how many; a reader finds none."""

    def __init__(self) -> None:
        self._size = 0

    def writable(self) -> bool:
        """Always."""
        return True

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def write(self, piece: Any, /) -> int:
        """Count *piece*."""
        size = memoryview(piece).nbytes
        self._size += size
        return size

    def readinto(self, _: Any, /) -> int:
        """The end, wherever it is."""
        return 0

    def seek(self, _: int, whence: int = io.SEEK_SET, /) -> int:
        """The number of bytes at the end, 0 anywhere else."""
        return self._size if whence == io.SEEK_END else 0


class Request(flask.Request):
    """Flask's request, whose files are `Counted`."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """Where werkzeug puts what a file holds."""
        del total_content_length, content_type, filename, content_length
        return cast("IO[bytes]", Counted())
