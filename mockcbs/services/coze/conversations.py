"""Conversations of clients (contract 3.2)."""

from dataclasses import dataclass, replace
from typing import Any

from mockcbs.backend.documents import NEWEST_FIRST
from mockcbs.core.errors import ApiError
from mockcbs.services.coze import accounts, answers, errors, files, messages
from mockcbs.services.coze.envelope import API_CHANNEL, new_ids, seconds
from mockcbs.services.coze.records import Records


@dataclass(frozen=True)
class Conversation:
    """A conversation; its messages are separate documents."""

    id: str
    name: str
    meta_data: dict[str, str]
    created_at: int
    creator_id: str
    connector_id: str
    updated_at: int
    last_section_id: str
    bot_id: str

    def shown(self) -> dict[str, Any]:
        """The conversation as clients see it."""
        return {name: value for name, value in vars(self).items() if name != "bot_id"}


_KEPT = Records("coze.conversation", Conversation)


def create(
    bot_id: str = "",
    name: str = "",
    meta_data: dict[str, str] | None = None,
    connector_id: str = API_CHANNEL,
) -> Conversation:
    """Create a conversation."""
    now, (made_id, section_id) = seconds(), new_ids(2)
    made = Conversation(
        made_id, name, meta_data or {}, now, accounts.user_id(), connector_id, now, section_id, bot_id
    )
    return _KEPT.put(made_id, made)


def find(conversation_id: str) -> Conversation:
    """The conversation with that id; raises `ApiError` 4002."""
    if (found := peek(conversation_id)) is None:
        raise ApiError(errors.CONVERSATION_NOT_FOUND, f"no conversation {conversation_id} was created here")
    return found


def peek(conversation_id: str) -> Conversation | None:
    """The conversation with that id, or `None`."""
    return _KEPT.get(conversation_id)


def change(conversation: Conversation, **details: Any) -> Conversation:
    """Change the *details* of a conversation."""
    return _KEPT.put(conversation.id, replace(conversation, **details))


def delete(conversation_id: str) -> None:
    """Delete a conversation and its messages."""
    _KEPT.delete(find(conversation_id).id)
    for message in messages.of_conversation(conversation_id):
        messages.delete(message)


def of_bot(bot_id: str, connector_id: str, page: slice, *, newest_first: bool) -> list[Conversation]:
    """One page of the conversations with a bot through a channel."""
    sort = NEWEST_FIRST if newest_first else ()
    return _KEPT.select(bot_id=bot_id, connector_id=connector_id, sort=sort, page=page)


def said(conversation: Conversation, body: dict[str, Any], **details: Any) -> messages.Message:
    """A client's message for that conversation, not stored yet.

    Raises `ApiError` 4304 if it refers to an unknown file.
    """
    if body["content_type"] == "object_string":
        for file_id in answers.file_ids(body["content"]):
            files.check(file_id)
    return messages.new(
        conversation.id,
        conversation.last_section_id,
        body["role"],
        body["content"],
        content_type=body["content_type"] or "text",
        meta_data=body["meta_data"],
        **details,
    )
