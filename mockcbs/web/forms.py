"""Forms with files: the content of a file is counted and dropped, so that large uploads need no memory."""

import io
from typing import IO, Any, cast

import flask


class Counted(io.RawIOBase):
    """A file that counts bytes and drops them; reading returns nothing."""

    def __init__(self) -> None:
        self._size = 0

    def writable(self) -> bool:
        """Return true."""
        return True

    def readable(self) -> bool:
        """Return true."""
        return True

    def seekable(self) -> bool:
        """Return true."""
        return True

    def write(self, piece: Any, /) -> int:
        """Count *piece*."""
        size = memoryview(piece).nbytes
        self._size += size
        return size

    def readinto(self, _: Any, /) -> int:
        """Return 0: the end of the file."""
        return 0

    def seek(self, _: int, whence: int = io.SEEK_SET, /) -> int:
        """The number of bytes at the end, 0 at other positions."""
        return self._size if whence == io.SEEK_END else 0


class Request(flask.Request):
    """Flask's request with `Counted` files."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """The file to which werkzeug writes an uploaded file."""
        del total_content_length, content_type, filename, content_length
        return cast("IO[bytes]", Counted())
