"""Rows and messages that mockcbs sends to a service: what the service states about them."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from mockcbs.settings import Settings

if TYPE_CHECKING:
    import httpx

_T = TypeVar("_T")

TimeFormat = Literal["ms", "iso"]


class ReportError(Exception):
    """The service rejected a row or a message; the text begins with its error code."""


@dataclass
class Session:
    """Calls to one server that belong together, such as those of one run."""

    client: "httpx.Client"
    _kept: dict[Hashable, Any] = field(default_factory=dict)

    def once(self, key: Hashable, request: Callable[[], _T]) -> _T:
        """The result of *request*, such as a token, which is requested once for each *key*."""
        if key not in self._kept:
            self._kept[key] = request()
        found: _T = self._kept[key]
        return found


class Row(NamedTuple):
    """A row to write."""

    base: str
    table: str
    values: Mapping[str, Any]
    """The values by the name of the column."""
    once: str
    """Identifies the row, so that a service that supports this writes it once."""
    credentials: Mapping[str, str]


class RowWriter(NamedTuple):
    """Writes rows to the tables of a service; a reporting node names them."""

    members: tuple[str, str]
    """The names of the node's members with the ids of base and table."""
    credentials: tuple[str, ...]
    """The names of the credentials that a node may have."""
    own_credentials: Callable[[Settings], Mapping[str, str]]
    """The credentials of the mock, for nodes that have none."""
    write: Callable[[Session, Row], str]
    """Writes a row, and returns the id of its record.

    Raises `ReportError`, or an error of `httpx`.
    """
    exec_time: TimeFormat = "iso"
    """The default format of times: ms UTC, or ISO 8601 text."""


@dataclass(frozen=True)
class OutgoingMessage:
    """A message to send."""

    to: str
    """The token of a custom bot's hook, or the id of a chat."""
    title: str
    text: str
    once: str
    """Identifies the message, so that it is sent once."""
    at: int
    """The time, ms UTC."""
    as_card: bool = False
    """Whether it is a card with the title; otherwise it is plain text without it."""
    secret: str = ""
    """The secret that signs messages to a hook; empty for a hook without signature."""
    credentials: Mapping[str, str] = field(default_factory=dict)


class Messenger(NamedTuple):
    """Sends messages to the groups of a service.

    Both functions raise `ReportError`, or an error of `httpx`.
    """

    credentials: tuple[str, ...]
    """The names of the credentials that a destination may have."""
    own_credentials: Callable[[Settings], Mapping[str, str]]
    """The credentials of the mock, for destinations that have none."""
    to_hook: Callable[[Session, OutgoingMessage], None]
    to_chat: Callable[[Session, OutgoingMessage], None]


def bearer(token: str) -> dict[str, str]:
    """The Authorization header with *token*."""
    return {"Authorization": f"Bearer {token}"}


def content_of(response: "httpx.Response") -> Any:
    """The JSON of *response*; raises `ReportError` if it is not JSON."""
    try:
        return response.json()
    except ValueError as error:
        raise refusal(response) from error


def check_code(response: "httpx.Response", member: str = "code") -> dict[str, Any]:
    """The body of *response* if its *member* is 0. Raises `ReportError` otherwise."""
    content = content_of(response)
    if not isinstance(content, dict) or content.get(member) != 0:
        found = content if isinstance(content, dict) else {}
        code, message = found.get(member, response.status_code), found.get("msg", response.text[:200])
        raise ReportError(f"{code} {message}")
    return content


def refusal(response: "httpx.Response") -> ReportError:
    """The error for a *response* that is not a success: its status, and the start of its body."""
    return ReportError(f"{response.status_code} {response.text[:200]}")


def id_in(content: Any, *path: str | int) -> str:
    """The id of a record in a response; empty if a server took the row and names no id."""
    try:
        for step in path:
            content = content[step]
    except (LookupError, TypeError):
        return ""
    return str(content)
