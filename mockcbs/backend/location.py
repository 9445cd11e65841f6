"""Where the state of a server lies: in memory, in a temporary file, or in a file that stays."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mockcbs.backend.base import Backend
from mockcbs.backend.memory import MemoryBackend
from mockcbs.core import platform
from mockcbs.core.budget import DEFAULT_MEMORY, Budget
from mockcbs.core.errors import UserError
from mockcbs.core.peers import NoPeers, Peers

_ACCEPTED = "a file, or sqlite:///FILE"


@contextmanager
def opened(state: str | None, workers: int, folder: Path, memory: int = DEFAULT_MEMORY) -> Iterator[Backend]:
    """The state of a server of so many *workers*, in *folder* if it is not to stay; *memory* is in bytes.

    Raises `UserError` if *state* names no file that can be used, or where there cannot be several workers.
    """
    if workers > 1 and not platform.CAN_FORK:
        raise UserError("--workers: this system cannot fork processes; only 1 works here")
    if state is None and workers == 1:
        yield MemoryBackend(Budget(memory))
        return
    from mockcbs.backend.sqlite.backend import SqliteBackend  # noqa: PLC0415 - one worker needs no database
    from mockcbs.backend.sqlite.peers import LocalPeers  # noqa: PLC0415

    peers: Peers = LocalPeers(folder, workers) if workers > 1 else NoPeers()
    path = folder / "state.sqlite" if state is None else file_of(state)
    with _claimed(path):
        backend = SqliteBackend(path, folder, peers, memory)
        try:
            yield backend
        finally:
            backend.close()


def file_of(state: str) -> Path:
    """The file that ``--state`` names, as SQLAlchemy writes URLs or as it is; raises `UserError`."""
    scheme = re.match(r"([a-z][a-z0-9+]+):", state, re.IGNORECASE)
    if scheme and scheme[1].lower() != "sqlite":
        raise UserError(f"--state {state!r}: {scheme[1]} is not supported; accepted are {_ACCEPTED}")
    name = state.removeprefix("sqlite:///") if scheme else state
    path = Path(name)
    if not name or name.startswith("sqlite:") or path.is_dir() or not path.absolute().parent.is_dir():
        raise UserError(f"--state {state!r} names no file in an existing folder; accepted are {_ACCEPTED}")
    return path.resolve()


@contextmanager
def _claimed(path: Path) -> Iterator[None]:
    """Keep other servers away from a file: they would not notice what changes."""
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
