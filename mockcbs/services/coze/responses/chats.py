"""Conversations, messages and chats (contract 3.2, 3.3, 3.5)."""

from marshmallow import fields, validate

from mockcbs.services.coze.responses.fields import Flag, Part, Whole, identifier, seconds, text


class Conversation(Part):
    """A conversation."""

    id = identifier()
    name = fields.String()
    creator_id = fields.String()
    connector_id = fields.String()
    created_at = seconds(required=True)
    updated_at = seconds()
    meta_data = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    last_section_id = identifier()


class Conversations(Part):
    """The list of conversations."""

    conversations = fields.List(fields.Nested(Conversation), required=True)
    has_more = Flag(required=True)


class Section(Part):
    """The section that begins when a conversation is cleared."""

    id = identifier()
    conversation_id = identifier()


class Message(Part):
    """A message."""

    id = identifier()
    conversation_id = identifier()
    role = fields.String(required=True, validate=validate.OneOf(("user", "assistant")))
    type = fields.String()
    content = text()
    content_type = fields.String(
        required=True, validate=validate.OneOf(("text", "object_string", "card", "audio"))
    )
    bot_id = fields.String()
    chat_id = fields.String()
    section_id = fields.String()
    meta_data = fields.Dict(keys=fields.String(), values=fields.String())
    created_at = seconds()
    updated_at = seconds()


class Usage(Part):
    """The tokens of a chat or a run."""

    token_count = Whole(required=True)
    output_count = Whole(required=True)
    input_count = Whole(required=True)


class _LastError(Part):
    code = Whole(required=True)
    msg = text()


class _Function(Part):
    name = identifier()
    arguments = text()


class _ToolCall(Part):
    id = identifier()
    type = identifier()
    function = fields.Nested(_Function, required=True)


class _ToolCalls(Part):
    tool_calls = fields.List(fields.Nested(_ToolCall), required=True)


class _RequiredAction(Part):
    type = identifier()
    submit_tool_outputs = fields.Nested(_ToolCalls, required=True)


class _Inserted(Part):
    id = identifier()


class Chat(Part):
    """A chat."""

    id = identifier()
    conversation_id = identifier()
    bot_id = identifier()
    created_at = seconds(required=True)
    completed_at = seconds()
    failed_at = seconds()
    status = fields.String(
        required=True,
        validate=validate.OneOf(
            ("created", "in_progress", "completed", "failed", "requires_action", "canceled")
        ),
    )
    last_error = fields.Nested(_LastError, allow_none=True)
    usage = fields.Nested(Usage, allow_none=True)
    required_action = fields.Nested(_RequiredAction, allow_none=True)
    meta_data = fields.Dict(keys=fields.String(), values=fields.String())
    section_id = fields.String()
    inserted_additional_messages = fields.List(fields.Nested(_Inserted))


class _LegacyMessage(Part):
    role = text()
    type = text()
    content = text()
    content_type = text()


class LegacyChatAnswer(Part):
    """A chat of version 2, or the reason of its failure."""

    messages = fields.List(fields.Nested(_LegacyMessage))
    conversation_id = text()
    code = Whole(required=True)
    msg = text()
