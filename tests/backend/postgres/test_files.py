"""Contents of uploads and objects, in pieces."""

import pytest

from mockcbs.backend.postgres import files
from mockcbs.backend.postgres.backend import PostgresBackend
from mockcbs.core.errors import BackendError


def write(backend, content, name="a"):
    with backend.files.create("p", name) as file:
        for start in range(0, len(content), 100_000):
            file.write(content[start : start + 100_000])


def test_any_range_of_a_file_of_several_pieces(backend, url):
    """Any range of a file of several pieces can be read, also by another replica."""
    content = bytes(range(256)) * 3000
    write(backend, content)
    other = PostgresBackend(url)

    for start, stop in ((0, None), (files.PIECE - 1, files.PIECE + 1), (700_000, 10**9), (5, 5)):
        assert b"".join(other.files.read("p", "a", start, stop)) == content[start:stop]
    other.close()


def test_a_response_goes_on_with_the_content_it_began_with(backend):
    """A reader keeps the old content while the file is replaced or deleted.

    A minute later the pieces are gone.
    """
    old, new = b"o" * (2 * files.PIECE), b"n"
    write(backend, old)
    pieces = backend.files.read("p", "a")
    first = next(pieces)

    write(backend, new)
    backend.files.delete_abandoned()

    assert first + b"".join(pieces) == old
    assert b"".join(backend.files.read("p", "a")) == new


def test_pieces_of_a_deleted_file_are_deleted(backend, monkeypatch):
    """A reader of a deleted file gets an error that names the cause."""
    write(backend, b"o" * (2 * files.PIECE))
    pieces = backend.files.read("p", "a")
    next(pieces)
    backend.files.delete("p", "a")
    monkeypatch.setattr(files, "DELETED_SECONDS", 0)

    backend.files.delete_abandoned()

    with pytest.raises(BackendError, match="still being read"):
        next(pieces)
