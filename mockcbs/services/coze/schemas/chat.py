"""Queries and bodies of chats (contract 3.5, 3.6)."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from mockcbs.services.coze.schemas.conversations import ConversationQuery
from mockcbs.services.coze.schemas.fields import (
    Body,
    Flag,
    Id,
    Item,
    Items,
    MetaData,
    Object,
    OptionalId,
    Query,
    channel,
    choice,
    text,
)
from mockcbs.services.coze.schemas.messages import AdditionalMessages, check_additional
from mockcbs.services.coze.schemas.workflows import RunBody

MAX_CHATFLOW_MESSAGES = 50


class ChatQuery(Query):
    """Query of starting a chat."""

    conversation_id = OptionalId()


class CreateChat(Body):
    """Body of starting a chat (contract 3.5.1)."""

    bot_id = Id(required=True)
    user_id = text(256, 1, required=True)
    stream = Flag(load_default=False)
    additional_messages = AdditionalMessages(load_default=list)
    auto_save_history = Flag(load_default=True)
    custom_variables = Object(values=text())
    meta_data = MetaData(load_default=dict)
    extra_params = Object(choice("latitude", "longitude"), text())
    shortcut_command = Object()
    parameters = Object()
    enable_card = Flag()
    publish_status = choice("published_online", "unpublished_draft", load_default="published_online")
    bot_version = text()
    connector_id = channel()

    @validates_schema(skip_on_field_errors=True)
    def _versions(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("bot_version") and data["publish_status"] == "unpublished_draft":
            raise ValidationError("a draft has no bot_version")

    @validates_schema(skip_on_field_errors=True)
    def _messages(self, data: dict[str, Any], **_: Any) -> None:
        check_additional(data["additional_messages"], saved=data["auto_save_history"])


class OneChatQuery(ConversationQuery):
    """Query of an operation on one chat."""

    chat_id = Id(required=True)


class CancelChat(Body):
    """Body of canceling a chat."""

    conversation_id = Id(required=True)
    chat_id = Id(required=True)


class _ToolOutput(Body):
    tool_call_id = text(required=True)
    output = text(required=True)


class SubmitToolOutputs(Body):
    """Body of submitting the outputs of tools."""

    tool_outputs = Items(Item(_ToolOutput), 1, required=True)
    stream = Flag(load_default=False)


class Chatflow(RunBody):
    """Body of running a chatflow."""

    additional_messages = AdditionalMessages(MAX_CHATFLOW_MESSAGES, required=True)
    conversation_id = OptionalId()

    @validates_schema(skip_on_field_errors=True)
    def _messages(self, data: dict[str, Any], **_: Any) -> None:
        check_additional(data["additional_messages"], saved=True)


class _Earlier(Body):
    """A message of the history, with its role and type."""

    role = choice("user", "assistant", required=True)
    type = choice("", "answer", "function_call", "tool_response", "follow_up", "verbose", load_default="")
    content = text(required=True)
    content_type = choice("", "text", "card", load_default="text")


class LegacyChat(Body):
    """Body of a chat of version 2."""

    bot_id = Id(required=True)
    user = text(256, 1, required=True)
    query = text(required=True)
    conversation_id = text(128, load_default="")
    chat_history = Items(Item(_Earlier), load_default=list)
    stream = Flag(load_default=False)
    custom_variables = Object(values=text())
