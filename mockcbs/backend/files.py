"""Files in a folder, by scope and name."""

import hashlib
import os
import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from mockcbs.backend.folders import temporary_folder
from mockcbs.core.errors import disk_error

_PIECE = 64 * 1024
"""The number of bytes that are read at once."""
_UNFINISHED = "new-"
"""The prefix of files that are being written; the next start deletes those that a killed server has left."""


class FolderFiles:
    """A `mockcbs.backend.base.Files` in a folder. Names are hashed, so that no name can lead out of the
    folder.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """*folder* is created when it is first needed; `None` means a temporary one, deleted with this
        object.
        """
        self._folder = folder
        self._making = threading.Lock()
        if folder is not None:
            for unfinished in folder.glob(f"*/{_UNFINISHED}*"):
                unfinished.unlink(missing_ok=True)

    @contextmanager
    def create(self, scope: str, name: str) -> Iterator["FileWriter"]:
        """A context in which a file is written."""
        path = self._path(scope, name)
        with _said(path):
            number, written = _unfinished(path.parent)
        try:
            with os.fdopen(number, "wb", buffering=0) as file:
                yield FileWriter(file, path)
            with _said(path):
                Path(written).replace(path)
        except BaseException:
            Path(written).unlink(missing_ok=True)
            raise

    def size(self, scope: str, name: str) -> int | None:
        """The size of a file in bytes; `None` if it does not exist."""
        try:
            return self._path(scope, name).stat().st_size
        except FileNotFoundError:
            return None

    def read(self, scope: str, name: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes of a file from *start* up to *stop* (exclusive), in pieces."""
        file = self._path(scope, name).open("rb")
        return _pieces(file, start, os.fstat(file.fileno()).st_size if stop is None else stop)

    def delete(self, scope: str, name: str) -> bool:
        """Delete a file. Return whether it existed."""
        try:
            self._path(scope, name).unlink()
        except FileNotFoundError:
            return False
        return True

    def clear(self, scope: str | None = None) -> None:
        """Delete the files of one scope or of all."""
        if self._folder is None:
            return
        # the folder itself stays, with the lock file of its owner
        for gone in self._folder.glob("*/") if scope is None else [self._folder / _hashed(scope)]:
            shutil.rmtree(gone, ignore_errors=True)

    def _path(self, scope: str, name: str) -> Path:
        return self._root() / _hashed(scope) / _hashed(name)

    def _root(self) -> Path:
        with self._making:  # two threads with a first file would create two folders, and one would be lost
            if self._folder is None:
                own = temporary_folder()
                try:
                    self._folder = own.__enter__()
                except OSError as error:
                    raise disk_error(error, tempfile.gettempdir()) from error
                weakref.finalize(self, own.__exit__, None, None, None)
            return self._folder


def _unfinished(folder: Path) -> tuple[int, str]:
    """Create a file in *folder*; another thread may delete the folder while it is empty."""
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            return tempfile.mkstemp(prefix=_UNFINISHED, dir=folder)


class FileWriter:
    """Writes one file."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file, self._path = file, path

    def write(self, data: bytes) -> int:
        """Append *data*."""
        with _said(self._path):
            rest = memoryview(data)
            while rest:
                rest = rest[self._file.write(rest) :]
        return len(data)


@contextmanager
def _said(path: Path) -> Iterator[None]:
    """Turn an error of the operating system into a sentence for the user."""
    try:
        yield
    except OSError as error:
        raise disk_error(error, path.parent.parent) from error


def _pieces(file: BinaryIO, start: int, stop: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while start < stop and (piece := file.read(min(_PIECE, stop - start))):
            start += len(piece)
            yield piece


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]
