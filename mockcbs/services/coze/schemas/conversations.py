"""Queries and bodies of the calls about conversations and their messages (contract 3.2 to 3.4)."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from mockcbs.services.coze.schemas.fields import (
    Body,
    Id,
    Item,
    Items,
    MetaData,
    OptionalId,
    Query,
    QueryWhole,
    Whole,
    channel,
    choice,
    page_number,
    text,
)
from mockcbs.services.coze.schemas.messages import EnterMessage, parts


class CreateConversation(Body):
    """Body of creating a conversation."""

    bot_id = OptionalId()
    name = text(100, load_default="")
    messages = Items(Item(EnterMessage), load_default=list)
    connector_id = channel()
    meta_data = MetaData(load_default=dict)


class ConversationQuery(Query):
    """Query of an operation on one conversation."""

    conversation_id = Id(required=True)


class ConversationsQuery(Query):
    """Query of the list of conversations."""

    bot_id = Id(required=True)
    page_num = page_number()
    page_size = QueryWhole(1, 50, load_default=50)
    sort_order = choice("ASC", "DESC", "asc", "desc", load_default="DESC")
    connector_id = channel()


class UpdateConversation(Body):
    """Body of renaming a conversation."""

    name = text(100)


class MessagesQuery(Body):
    """Body of listing the messages of a conversation."""

    order = choice("asc", "desc", load_default="desc")
    chat_id = OptionalId()
    before_id = OptionalId()
    after_id = OptionalId()
    limit = Whole(1, 50, load_default=50)


class MessageQuery(ConversationQuery):
    """Query of an operation on one message."""

    message_id = Id(required=True)


class ModifyMessage(Body):
    """Body of changing a message."""

    content = text()
    content_type = choice("text", "object_string")
    meta_data = MetaData()

    @validates_schema(skip_on_field_errors=True)
    def _something(self, data: dict[str, Any], **_: Any) -> None:
        if not data:
            raise ValidationError("give content, content_type or meta_data")
        if data.get("content_type") == "object_string":
            parts(data.get("content", ""))


class Feedback(Body):
    """Body of rating an answer."""

    feedback_type = choice("like", "unlike", required=True)
    reason_types = Items(text(30), 0, 10)
    comment = text(250)
