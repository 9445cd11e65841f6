"""What clients may send to Coze: queries and bodies with every limit of the contract."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import (
    EXCLUDE,
    Schema,
    ValidationError,
    fields,
    post_load,
    pre_load,
    validate,
    validates_schema,
)

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import errors
from mockcbs.services.coze.analytics import EVENT_TYPES, STATUSES

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_EPOCH = date(1970, 1, 1).toordinal()
EARLIEST_DAY = date(2023, 1, 1)
LONGEST_RANGE = {"day": 180, "hour": 31}
"""Days of one answer, by granularity."""
_MOST_MESSAGES = 100
_MOST_META = 16

_TEXT: dict[str, Any] = {"invalid": "must be a string", "required": "is required", "null": "must not be null"}


class _Query(Schema):
    """Query parameters; unknown ones are ignored."""

    class Meta:
        unknown = EXCLUDE


class _Body(_Query):
    """A JSON body; members that are null count as absent, since cozepy sends what is unset as null."""

    @pre_load
    def _without_nulls(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        return {name: value for name, value in data.items() if value is not None}


class Id(fields.String):
    """A decimal id of up to 20 digits; a JSON number is taken too."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(error_messages=_TEXT, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if not (text.isascii() and text.isdecimal() and len(text) <= 20):
            raise ValidationError("must be a decimal id of up to 20 digits")
        return text


class OptionalId(Id):
    """An id for which ``""`` and ``"0"`` mean none."""

    def __init__(self) -> None:
        super().__init__(load_default="")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return "" if value in ("", "0", 0) else super()._deserialize(value, attr, data, **kwargs)


class _Day(fields.Field[int]):
    """``YYYY-MM-DD``, as a number of days since 1970."""

    def __init__(self) -> None:
        super().__init__(required=True, error_messages=_TEXT)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        del attr, data, kwargs
        refusal = ValidationError("must be a date in YYYY-MM-DD format")
        if _DATE.fullmatch(value) is None:
            raise refusal
        try:
            return date.fromisoformat(value).toordinal() - _EPOCH
        except ValueError:
            raise refusal from None


def _text(most: int, least: int = 0, **kwargs: Any) -> fields.String:
    length = validate.Length(least, most, error=f"must have {least} to {most} characters")
    return fields.String(validate=length, error_messages=_TEXT, **kwargs)


def _filter(most: int) -> fields.String:
    def no_controls(text: str) -> None:
        if _CONTROL.search(text):
            raise ValidationError("must not hold control characters")

    length = validate.Length(max=most, error=f"must have at most {most} characters")
    return fields.String(load_default="", validate=[length, no_controls])


def _whole(low: int, high: int, default: int) -> fields.Integer:
    bounds = validate.Range(low, high, error=f"must be a whole number from {low} to {high}")
    return fields.Integer(
        load_default=default,
        validate=bounds,
        error_messages={"invalid": f"must be a whole number from {low} to {high}"},
    )


def _choice(*accepted: str, **kwargs: Any) -> fields.String:
    choice = validate.OneOf(accepted, error="must be one of {choices}")
    return fields.String(validate=choice, error_messages=_TEXT, **kwargs)


class _CommaList(fields.Field[list[str]]):
    """``a,b``; whatever is not *accepted* is refused."""

    def __init__(self, *accepted: str) -> None:
        super().__init__(load_default=[])
        self._accepted = accepted

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[str]:
        del attr, data, kwargs
        words = [word for word in str(value).split(",") if word]
        if self._accepted and (strange := set(words) - set(self._accepted)):
            raise ValidationError(f"{min(strange)!r} is not one of {', '.join(self._accepted)}")
        return words


# Analytics


class _TrafficQuery(_Query):
    """Which part of the log is asked for (contract 1.4.2)."""

    start_date = _Day()
    end_date = _Day()
    session_id = _filter(64)
    conversation_id = _filter(64)
    user_id = _filter(256)
    connector_id = fields.String(
        load_default="", validate=validate.Regexp(r"[0-9]{0,20}\Z", error="must be a decimal id")
    )

    @validates_schema(skip_on_field_errors=True)
    def _range_and_session(self, data: dict[str, Any], **_: Any) -> None:
        first, last = data["start_date"], data["end_date"]
        most = LONGEST_RANGE[data.get("granularity", "day")]
        if first < EARLIEST_DAY.toordinal() - _EPOCH:
            raise ValidationError(f"start_date lies before {EARLIEST_DAY}")
        if last < first:
            raise ValidationError("end_date lies before start_date")
        if last - first >= most:
            raise ValidationError(f"the range holds more than {most} days, the most for this granularity")
        if data["session_id"] and data["conversation_id"] not in {"", data["session_id"]}:
            raise ValidationError("session_id and conversation_id differ")

    @post_load
    def _one_session(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "session_id": data["session_id"] or data["conversation_id"]}


class AnalyticsQuery(_TrafficQuery):
    """Query of the analytics calls."""

    granularity = _choice("day", "hour", load_default="day")


class LogsQuery(_TrafficQuery):
    """Query of the raw events (contract 1.4.5)."""

    event_type = _CommaList(*EVENT_TYPES)
    status = _CommaList(*STATUSES)
    page_num = _whole(1, 10**9, 1)
    page_size = _whole(1, 100, 20)


# Pages


class _Pages(_Query):
    """Page numbers, under either of their names (contract 2.6)."""

    page_num = _whole(1, 10**9, 1)
    page_index = _whole(1, 10**9, 1)
    page_size = _whole(1, 100, 20)

    @post_load
    def _one_number(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "page_num": max(data["page_num"], data["page_index"])}


# Bots


class BotQuery(_Query):
    """Query of the older bot call."""

    bot_id = Id(required=True)


class DraftQuery(_Query):
    """Query of the newer bot call."""

    is_published = fields.Boolean(load_default=True, truthy={"true"}, falsy={"false"})


class SpaceBotsQuery(_Pages):
    """Query of the older list of bots."""

    space_id = Id(required=True)


class BotsQuery(_Pages):
    """Query of the list of bots."""

    workspace_id = Id(required=True)
    publish_status = _choice(
        "all", "published_online", "published_draft", "unpublished_draft", load_default="published_online"
    )


class _Prompt(_Body):
    prompt = fields.String(error_messages=_TEXT)


class _Onboarding(_Body):
    prologue = fields.String(error_messages=_TEXT)
    suggested_questions = fields.List(fields.String(error_messages=_TEXT))


class _BotBody(_Body):
    name = _text(20, 1)
    description = _text(500)
    icon_file_id = fields.String()
    prompt_info = fields.Nested(_Prompt)
    onboarding_info = fields.Nested(_Onboarding)
    suggest_reply_info = fields.Dict()
    model_info_config = fields.Dict()


class CreateBot(_BotBody):
    """Body of creating a bot."""

    space_id = Id(required=True)
    name = _text(20, 1, required=True)


class UpdateBot(_BotBody):
    """Body of updating a bot."""

    bot_id = Id(required=True)


class PublishBot(_Body):
    """Body of publishing a bot."""

    bot_id = Id(required=True)
    connector_ids = fields.List(Id(), required=True, validate=validate.Length(1, error="must not be empty"))


class UnpublishBot(_Body):
    """Body of unpublishing a bot."""

    connector_id = Id(required=True)
    unpublish_reason = fields.String()


# Conversations and messages


class MetaData(fields.Dict):
    """Up to 16 pairs of strings; more or longer ones are an error of their own (4003)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(keys=fields.String(), values=fields.String(), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, str]:
        pairs: dict[str, str] = super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]
        fits = all(1 <= len(key) <= 64 and 1 <= len(text) <= 512 for key, text in pairs.items())
        if len(pairs) > _MOST_META or not fits:
            raise ApiError(
                errors.META_DATA_LIMITS, "at most 16 pairs, keys of 1 to 64 and values of 1 to 512 characters"
            )
        return pairs


class EnterMessage(_Body):
    """A message from a client (contract 3.5.2)."""

    role = _choice("user", "assistant", required=True)
    type = _choice("", "question", "answer", "function_call", "tool_output", "tool_response", load_default="")
    content = fields.String(load_default="", error_messages=_TEXT)
    content_type = _choice("text", "object_string", load_default=str)
    meta_data = MetaData(load_default=dict)

    @validates_schema(skip_on_field_errors=True)
    def _content(self, data: dict[str, Any], **_: Any) -> None:
        if data["content"] and not data["content_type"]:
            raise ValidationError("content_type is required where there is content")
        if data["content_type"] == "object_string":
            check_object_string(data["content"])


def check_object_string(content: str) -> None:
    """Refuse what is no array of parts as contract 3.3 describes them."""
    import simplejson  # noqa: PLC0415 - only these messages hold JSON

    try:
        parts = simplejson.loads(content)
    except (ValueError, RecursionError):
        raise ValidationError("content must be a JSON array of parts") from None
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts) or not parts:
        raise ValidationError("content must be a JSON array of parts")
    kinds = [part.get("type") for part in parts]
    if not all(kind in ("text", "file", "image", "audio") for kind in kinds):
        raise ValidationError("a part must be of type text, file, image or audio")
    if kinds.count("text") > 1 or kinds == ["text"]:
        raise ValidationError("one text part is allowed, together with at least one file or image")
    if not all(
        isinstance(part.get("text"), str)
        if part["type"] == "text"
        else part.get("file_id") or part.get("file_url")
        for part in parts
    ):
        raise ValidationError("a part needs its text, file_id or file_url")


class CreateConversation(_Body):
    """Body of creating a conversation."""

    bot_id = OptionalId()
    name = _text(100, load_default="")
    messages = fields.List(fields.Nested(EnterMessage), load_default=list)
    connector_id = Id(load_default="1024")
    meta_data = MetaData(load_default=dict)


class ConversationQuery(_Query):
    """Query of what concerns one conversation."""

    conversation_id = Id(required=True)


class ConversationsQuery(_Query):
    """Query of the list of conversations."""

    bot_id = Id(required=True)
    page_num = _whole(1, 10**9, 1)
    page_size = _whole(1, 50, 50)
    sort_order = fields.String(load_default="DESC", validate=validate.OneOf(("ASC", "DESC", "asc", "desc")))
    connector_id = Id(load_default="1024")


class UpdateConversation(_Body):
    """Body of renaming a conversation."""

    name = _text(100, load_default="")


class CreateMessage(EnterMessage):
    """Body of inserting a message."""

    content = _text(2**20, 1, required=True)
    content_type = _choice("text", "object_string", required=True)


class MessagesQuery(_Body):
    """Body of listing the messages of a conversation."""

    order = _choice("asc", "desc", load_default="desc")
    chat_id = OptionalId()
    before_id = OptionalId()
    after_id = OptionalId()
    limit = _whole(1, 50, 50)


class MessageQuery(ConversationQuery):
    """Query of what concerns one message."""

    message_id = Id(required=True)


class ModifyMessage(_Body):
    """Body of changing a message."""

    content = fields.String(error_messages=_TEXT)
    content_type = _choice("text", "object_string")
    meta_data = MetaData()

    @validates_schema(skip_on_field_errors=True)
    def _something(self, data: dict[str, Any], **_: Any) -> None:
        if not data:
            raise ValidationError("give content, content_type or meta_data")
        if data.get("content_type") == "object_string":
            check_object_string(data.get("content", ""))


class Feedback(_Body):
    """Body of judging an answer."""

    feedback_type = _choice("like", "unlike", required=True)
    reason_types = fields.List(
        _text(30), validate=validate.Length(max=10, error="holds more than 10 reasons")
    )
    comment = _text(250)


# Chats


class _Messages(fields.List):  # type: ignore[type-arg]
    """At most 100 messages; more are an error of their own (4004)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(fields.Nested(EnterMessage), load_default=list, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and len(value) > _MOST_MESSAGES:
            raise ApiError(
                errors.MESSAGES_LIMITS, f"{len(value)} messages, at most {_MOST_MESSAGES} are accepted"
            )
        messages: list[Any] = super()._deserialize(value, attr, data, **kwargs)
        return messages


class ChatQuery(_Query):
    """Query of starting a chat."""

    conversation_id = OptionalId()


class CreateChat(_Body):
    """Body of starting a chat (contract 3.5.1)."""

    bot_id = Id(required=True)
    user_id = _text(256, 1, required=True)
    stream = fields.Boolean(load_default=False)
    additional_messages = _Messages()
    auto_save_history = fields.Boolean(load_default=True)
    custom_variables = fields.Dict(keys=fields.String(), values=fields.String())
    meta_data = MetaData(load_default=dict)
    extra_params = fields.Dict(keys=_choice("latitude", "longitude"), values=fields.String())
    shortcut_command = fields.Dict()
    parameters = fields.Dict(keys=fields.String())
    enable_card = fields.Boolean()
    publish_status = _choice("published_online", "unpublished_draft", load_default="published_online")
    bot_version = fields.String()

    @validates_schema(skip_on_field_errors=True)
    def _versions(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("bot_version") and data["publish_status"] == "unpublished_draft":
            raise ValidationError("bot_version cannot be asked of a draft")


class OneChatQuery(ConversationQuery):
    """Query of what concerns one chat."""

    chat_id = Id(required=True)


class CancelChat(_Body):
    """Body of canceling a chat."""

    conversation_id = Id(required=True)
    chat_id = Id(required=True)


class _ToolOutput(_Body):
    tool_call_id = fields.String(required=True, error_messages=_TEXT)
    output = fields.String(required=True, error_messages=_TEXT)


class SubmitToolOutputs(_Body):
    """Body of handing in what tools said."""

    tool_outputs = fields.List(
        fields.Nested(_ToolOutput), required=True, validate=validate.Length(1, error="must not be empty")
    )
    stream = fields.Boolean(load_default=False)


# Workflows


class _RunBody(_Body):
    workflow_id = Id(required=True)
    parameters = fields.Dict(keys=fields.String(), load_default=dict)
    bot_id = OptionalId()
    app_id = OptionalId()
    ext = fields.Dict(keys=fields.String(), load_default=dict)
    workflow_version = fields.String()
    connector_id = Id(load_default="1024")

    @validates_schema(skip_on_field_errors=True)
    def _one_owner(self, data: dict[str, Any], **_: Any) -> None:
        if data["bot_id"] and data["app_id"]:
            raise ValidationError("give bot_id or app_id, not both")


class RunWorkflow(_RunBody):
    """Body of running a workflow."""

    is_async = fields.Boolean(load_default=False)


class StreamWorkflow(_RunBody):
    """Body of running a workflow with a stream."""


class ResumeWorkflow(_Body):
    """Body of resuming a workflow."""

    workflow_id = Id(required=True)
    event_id = _text(64, 1, required=True)
    resume_data = fields.String(required=True, error_messages=_TEXT)
    interrupt_type = fields.Integer(required=True)


class Chatflow(_RunBody):
    """Body of running a chatflow."""

    additional_messages = fields.List(
        fields.Nested(EnterMessage),
        required=True,
        validate=validate.Length(max=50, error="holds more than 50 messages"),
    )
    conversation_id = OptionalId()


class WorkflowsQuery(_Pages):
    """Query of the list of workflows."""

    workspace_id = Id(required=True)
    workflow_mode = _choice("workflow", "chatflow")
    publish_status = _choice("all", "published_online", "unpublished_draft", load_default="published_online")


class VersionsQuery(_Query):
    """Query of the versions of a bot or workflow."""

    page_size = _whole(1, 50, 10)
    page_num = _whole(1, 10**9, 1)


# Files, workspaces, variables


class FileQuery(_Query):
    """Query of one file."""

    file_id = Id(required=True)


class WorkspacesQuery(_Query):
    """Query of the list of workspaces."""

    page_num = _whole(1, 10**9, 1)
    page_size = _whole(1, 50, 20)


class _VariablesOwner(Schema):
    connector_uid = _text(256, 1, required=True)
    bot_id = OptionalId()
    app_id = OptionalId()
    connector_id = Id(load_default="1024")

    @validates_schema(skip_on_field_errors=True)
    def _one_owner(self, data: dict[str, Any], **_: Any) -> None:
        if bool(data["bot_id"]) == bool(data["app_id"]):
            raise ValidationError("give bot_id or app_id, and not both")


class VariablesQuery(_Query, _VariablesOwner):
    """Query of reading variables."""

    keywords = _CommaList()


class _Variable(_Body):
    keyword = _text(64, 1, required=True)
    value = fields.String(required=True, error_messages=_TEXT)


class UpdateVariables(_Body, _VariablesOwner):
    """Body of setting variables."""

    data = fields.List(
        fields.Nested(_Variable), required=True, validate=validate.Length(1, error="must not be empty")
    )
