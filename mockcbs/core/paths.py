"""What stands at a path that a user has typed; such a path may be impossible."""

from pathlib import Path


def is_file(path: Path) -> bool:
    """Whether *path* is a file; false if the name is too long or contains a NUL."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Whether *path* is a folder; false if the name is too long or contains a NUL."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def exists(path: Path) -> bool:
    """Whether there is anything at *path*; false if the name is too long or contains a NUL."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False
