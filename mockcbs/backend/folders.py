"""Temporary folders, deleted when their process ends, or at the next start of a mock if it was killed."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mockcbs.core import platform

_PREFIX = "mockcbs-"
_OWNER = "owner"
"""The name of a file in the folder that the owning process keeps locked."""


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Create a temporary folder, and delete those that killed processes have left."""
    delete_abandoned()
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        descriptor = os.open(unlocked := folder / "new", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            platform.try_lock(descriptor)
            unlocked.rename(folder / _OWNER)  # renamed only now, so that no process finds it without a lock
            yield folder
        finally:
            os.close(descriptor)


def delete_abandoned() -> None:
    """Delete the temporary folders of processes that have been killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if _is_abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_abandoned(folder: Path) -> bool:
    """Whether the process that owned *folder* has ended; raises `OSError` for other folders."""
    if folder.is_symlink():
        return False
    descriptor = os.open(folder / _OWNER, os.O_RDWR)
    try:
        return platform.try_lock(descriptor)
    finally:
        os.close(descriptor)
