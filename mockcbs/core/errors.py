"""Emulated errors, rows of a catalogue carried by one exception; and mistakes of the user of the mock."""

from dataclasses import dataclass
from typing import Any

_MAX_LINE = 500


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
    """Something the user of the mock can put right; the message says what, in one line or a few."""


class ApiError(Exception):
    """An emulated error on its way to the client; never a fault of mockcbs itself."""

    def __init__(self, spec: ErrorSpec, reason: str, *, message: str | None = None) -> None:
        """*reason* tells the user of the mock why; *message* replaces the wire text of *spec*."""
        super().__init__(f"{spec.code}: {reason}")
        self.spec = spec
        self.reason = reason
        self.message = spec.message if message is None else message

    def body(self, request_id: str) -> dict[str, Any]:
        """The error in the envelope of its service."""
        return self.spec.body(self.message, request_id)


class BackendError(Exception):
    """The backend cannot do now what was asked of it; the message says why, and what the user can do.

    It is neither an emulated error nor a bug: the app says in the service's words that it is unavailable.
    """


class FullError(BackendError):
    """There is no room for what a client wants to make: the memory budget is used up, or the disk is full."""


def one_line(text: str) -> str:
    """*text* fit for a header: ASCII, one line, not endless."""
    line = text.encode("ascii", "backslashreplace").decode()
    if not line.isprintable():
        line = "".join(character if character.isprintable() else " " for character in line)
    return line if len(line) <= _MAX_LINE else f"{line[:_MAX_LINE]}..."
