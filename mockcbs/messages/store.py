"""The store of sent messages: documents in the sender's scope."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from mockcbs.backend.documents import NEWEST_FIRST, Condition, Documents

Kind = Literal["chat", "hook", "mail"]
KINDS: tuple[Kind, ...] = get_args(Kind)

MAX_KEPT = 5_000
"""The maximum number of messages in one scope; the oldest are deleted first."""
_KIND, _SCOPES, _ISSUED = "messages.sent", "messages.scopes", "messages.issued"


@dataclass(frozen=True)
class Message:
    """A message that was sent."""

    id: str
    at: int
    """The time by the clock of its scope, ms UTC."""
    kind: Kind
    """The kind of recipient: a chat or a person, a custom bot, or a mail address."""
    to: str
    """The id of the chat or person, the token of the bot, or the address."""
    text: str
    """The visible text, also of a card."""
    content: Any
    """The content as it was sent, as plain JSON."""
    msg_type: str = "text"
    scope: str = ""
    number: int = 0
    """A number that increases with each message of all scopes."""
    details: dict[str, Any] = field(default_factory=dict)
    """Additional data of the sender, shown as further members."""

    def as_dict(self) -> dict[str, Any]:
        """The message in the control API."""
        shown = asdict(self)
        details = shown.pop("details")
        del shown["number"]
        return {**shown, **details}


class Messages:
    """The messages of every scope."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def add(self, message: Message) -> Message:
        """Store a message and return it with its number."""
        with self._documents.transaction():
            held = self._documents.get(_ISSUED, "", "count")
            number: int = (held["count"] if held else 0) + 1
            self._documents.put(_ISSUED, "", "count", {"count": number})
            kept = {**asdict(message), "number": number}
            self._documents.put(_SCOPES, "", message.scope, {"scope": message.scope})
            self._documents.put(_KIND, message.scope, message.id, kept)
            self._forget_oldest(message.scope)
        return Message(**kept)

    def count(self, scope: str) -> int:
        """The number of stored messages of *scope*."""
        return self._documents.count(_KIND, scope)

    def find(self, scope: str, message_id: str) -> Message | None:
        """The message of that id."""
        found = self._documents.get(_KIND, scope, message_id)
        return Message(**found) if found else None

    def select(
        self, scope: str | None = None, *, kind: str | None = None, to: str | None = None, limit: int = 100
    ) -> list[Message]:
        """The last messages of one scope or of all, oldest first."""
        where: list[Condition] = []
        if kind is not None:
            where.append(("kind", "=", kind))
        if to is not None:
            where.append(("to", "=", to))
        scopes = (
            [scope] if scope is not None else [one["scope"] for one in self._documents.select(_SCOPES, "")]
        )
        found = [
            Message(**document)
            for one in scopes
            for document in self._documents.select(_KIND, one, where=where, sort=NEWEST_FIRST, limit=limit)
        ]
        found.sort(key=lambda message: message.number)
        return found[-limit:] if limit else []

    def _forget_oldest(self, scope: str) -> None:
        surplus = self._documents.count(_KIND, scope) - MAX_KEPT
        if surplus > 0:
            for document in self._documents.select(_KIND, scope, limit=surplus):
                self._documents.delete(_KIND, scope, document["id"])
