"""Where a server keeps its state: in memory, in a file, or in a database that replicas share."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mockcbs.backend.base import Backend
from mockcbs.backend.memory import MemoryBackend
from mockcbs.core import extras, paths, platform
from mockcbs.core.budget import DEFAULT_MEMORY, Budget
from mockcbs.core.errors import UserError
from mockcbs.core.peers import NoPeers, Peers

_POSTGRESQL = {"postgresql", "postgres"}
_ACCEPTED = "a file, sqlite:///FILE, or postgresql://USER:PASSWORD@HOST/DATABASE"


@dataclass(frozen=True)
class Place:
    """What replicas must know about a server."""

    host: str = "127.0.0.1"
    """The address on which it listens."""
    peer_port: int = 0
    """The port on which it answers other replicas; 0 chooses a free one."""
    settings: str = ""
    """A text that is equal for servers with equal settings."""


@contextmanager
def opened(
    state: str | None,
    workers: int,
    folder: Path,
    memory: int = DEFAULT_MEMORY,
    place: Place = Place(),
) -> Iterator[Backend]:
    """Open the state of a server with that number of *workers*; a temporary state is in *folder*.

    *memory* is in bytes. Raises `UserError` if *state* cannot be used, or if several workers are impossible.
    """
    if workers > 1 and not platform.CAN_FORK:
        raise UserError("--workers: this system cannot fork processes; only 1 works here")
    if state is None and workers == 1:
        yield MemoryBackend(Budget(memory))
        return
    if state is not None and _scheme(state) in _POSTGRESQL:
        backend = _postgres(state, workers, place)
        try:
            yield backend
        finally:
            backend.close()
        return
    from mockcbs.backend.sqlite.backend import SqliteBackend  # noqa: PLC0415 - one worker needs no database
    from mockcbs.backend.sqlite.peers import LocalPeers  # noqa: PLC0415

    peers: Peers = LocalPeers(folder, workers) if workers > 1 else NoPeers()
    path = folder / "state.sqlite" if state is None else file_of(state)
    with _claimed(path):
        kept = SqliteBackend(path, folder, peers, memory)
        try:
            yield kept
        finally:
            kept.close()


def _postgres(state: str, workers: int, place: Place) -> Backend:
    with extras.needed("--state postgresql://…", "psycopg with its pool", "postgres"):
        from mockcbs.backend.postgres.backend import PostgresBackend  # noqa: PLC0415
    return PostgresBackend(
        state, host=place.host, port=place.peer_port, settings=place.settings, forks=workers > 1
    )


def file_of(state: str) -> Path:
    """The file that ``--state`` names, as a path or as an SQLAlchemy URL; raises `UserError`."""
    scheme = _scheme(state)
    if scheme and scheme != "sqlite":  # the URL is not shown, as it may hold a password
        raise UserError(f"--state {scheme}:…: {scheme} is not supported; accepted are {_ACCEPTED}")
    name = state.removeprefix("sqlite:///") if scheme else state
    path = Path(name)
    if (
        not name
        or name.startswith("sqlite:")
        or paths.is_folder(path)
        or not paths.is_folder(path.absolute().parent)
    ):
        raise UserError(f"--state {state!r} names no file in an existing folder; accepted are {_ACCEPTED}")
    return path.resolve()


def _scheme(state: str) -> str:
    """The scheme of a URL, in lower case; empty for anything else."""
    found = re.match(r"([a-z][a-z0-9+]+):", state, re.IGNORECASE)
    return found[1].lower() if found else ""


@contextmanager
def _claimed(path: Path) -> Iterator[None]:
    """Lock a file against other servers, because they would not notice each other's changes."""
    try:
        descriptor = os.open(platform.file_to_lock(path), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise UserError(f"--state {str(path)!r} cannot be used: {error.strerror}") from error
    try:
        if not platform.try_lock(descriptor):
            raise UserError(f"--state {str(path)!r} is in use by another mockcbs")
        yield
    finally:
        os.close(descriptor)
