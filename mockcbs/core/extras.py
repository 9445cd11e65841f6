"""What to say when a part of mockcbs needs a library that only an extra installs."""

from collections.abc import Iterator
from contextlib import contextmanager

from mockcbs.core.errors import UserError


def command(extra: str) -> str:
    """The command that installs an extra."""
    return f"pip install 'mockcbs[{extra}]'"


def missing(what: str, library: str, extra: str) -> str:
    """The message that *what* needs a *library* of the *extra*."""
    return f"{what} needs {library}; install it with: {command(extra)}"


@contextmanager
def needed(what: str, library: str, extra: str) -> Iterator[None]:
    """Import modules that need a *library* of the *extra*; raises `UserError` if it is not installed."""
    try:
        yield
    except ImportError as error:
        if (error.name or "").partition(".")[0] == "mockcbs":  # a mistake of ours
            raise
        raise UserError(missing(what, library, extra)) from error
