"""Emulated errors, which are rows of catalogues, and errors of the user of the mock."""

import errno
from dataclasses import dataclass
from typing import Any

_MAX_LINE = 500
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True)
class ErrorSpec:
    """One row of a service's error catalogue; each service subclasses it with its own envelope."""

    status: int
    code: str
    message: str
    when: str = ""
    provoke: str = ""

    def body(self, message: str, request_id: str) -> dict[str, Any]:
        """The JSON body a client receives, members in the vendor's order."""
        raise NotImplementedError(f"{type(self).__name__} has no envelope for {message!r} ({request_id})")


class UserError(Exception):
    """An error that the user of the mock can correct; the message states how, in few lines."""


class ApiError(Exception):
    """An emulated error on its way to the client; never a fault of mockcbs itself."""

    def __init__(self, spec: ErrorSpec, reason: str, *, message: str | None = None) -> None:
        """*reason* is for the user of the mock; *message* replaces the message of *spec*."""
        super().__init__(f"{spec.code}: {reason}")
        self.spec = spec
        self.reason = reason
        self.message = spec.message if message is None else message

    def body(self, request_id: str) -> dict[str, Any]:
        """The error in the envelope of its service."""
        return self.spec.body(self.message, request_id)


class BackendError(Exception):
    """The backend cannot serve a call now; the message states why, and what the user can do.

    It is neither an emulated error nor a bug. The response is the service's error for an outage.
    """


class FullError(BackendError):
    """A client's new object does not fit: the memory budget is used up, or the disk is full."""


def disk_error(error: OSError, place: object) -> BackendError:
    """The error for a file in *place* that cannot be written: `FullError` if the disk is full."""
    if error.errno in _FULL:
        return FullError(f"the disk of {place} is full")
    return BackendError(f"{place} cannot be written: {error.strerror or error}")


def one_line(text: str) -> str:
    """*text* in a form that is valid in a header: one line of ASCII, shortened."""
    line = text.encode("ascii", "backslashreplace").decode()
    if not line.isprintable():
        line = "".join(character if character.isprintable() else " " for character in line)
    return line if len(line) <= _MAX_LINE else f"{line[:_MAX_LINE]}..."
