"""The members that Coze's answers must have: those of the analytics, and those that official SDKs require."""

from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate

from mockcbs.contract.targets import Number


class Whole(fields.Field[int]):
    """A JSON integer."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        del attr, data, kwargs
        if type(value) is not int:
            raise ValidationError(f"{getattr(value, 'text', value)!r} is not an integer")
        return value


class Real(fields.Field[Any]):
    """A JSON number."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        del attr, data, kwargs
        if type(value) is not int and not isinstance(value, Number):
            raise ValidationError(f"{value!r} is not a number")
        return value


class Flag(fields.Field[bool]):
    """A JSON boolean."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        del attr, data, kwargs
        if not isinstance(value, bool):
            raise ValidationError(f"{value!r} is not a boolean")
        return value


def _seconds(**kwargs: Any) -> Whole:
    """Unix time in 10 digits."""
    return Whole(validate=validate.Range(10**9, 10**10 - 1, error="is no Unix time in seconds"), **kwargs)


def _milliseconds() -> Whole:
    return Whole(required=True, validate=validate.Range(10**12, 10**13 - 1, error="is no Unix time in ms"))


def _id(**kwargs: Any) -> fields.String:
    return fields.String(required=True, validate=validate.Length(1, error="is empty"), **kwargs)


def _text() -> fields.String:
    return fields.String(required=True)


class _Answer(Schema):
    """Members beyond those listed are none of our business."""

    class Meta:
        unknown = EXCLUDE


class _Whole(Schema):
    """No members beyond those listed."""

    class Meta:
        unknown = RAISE


# Analytics (contract 1.4.3, 1.5.3)


class Figures(_Whole):
    """The figures of a bucket or of the whole range."""

    total_messages = Whole(required=True)
    total_calls = Whole(required=True)
    unique_users = Whole(required=True)
    total_sessions = Whole(required=True)
    success_rate = Real(required=True)
    error_rate = Real(required=True)
    avg_response_time_ms = Real(required=True)


class Metric(Figures):
    """A row."""

    date = fields.String(required=True, validate=validate.Regexp(r"\d{4}-\d\d-\d\d\Z", error="is no date"))
    hour = Whole(validate=validate.Range(0, 23, error="is no hour from 0 to 23"))
    timestamp = _seconds(required=True)


class Analytics(_Whole):
    """``data`` of the analytics."""

    bot_id = _id()
    start_date = _text()
    end_date = _text()
    granularity = _text()
    timezone = _text()
    metrics = fields.List(fields.Nested(Metric), required=True)
    summary = fields.Nested(Figures, required=True)


class LogEvent(_Whole):
    """A raw event."""

    event_id = _id()
    event_type = _text()
    bot_id = fields.String()
    workflow_id = fields.String()
    session_id = _id()
    chat_id = fields.String()
    execute_id = fields.String()
    message_id = fields.String()
    user_id = _text()
    connector_id = _id()
    trigger_time = _milliseconds()
    timestamp = _milliseconds()
    status = _text()
    role = fields.String()
    duration_ms = Whole(validate=validate.Range(0, error="is negative"))
    error_code = Whole()
    error_message = fields.String()


class Logs(_Whole):
    """``data`` of the raw events."""

    items = fields.List(fields.Nested(LogEvent), required=True)
    total = Whole(required=True)
    has_more = Flag(required=True)


# The OpenAPI around it (contract 3): what cozepy requires


class Bot(_Answer):
    """Settings of a bot."""

    bot_id = _id()
    name = fields.String()
    create_time = _seconds()
    update_time = _seconds()
    version = fields.String()
    bot_mode = Whole()


class _SpaceBot(_Answer):
    bot_id = _id()
    bot_name = _text()
    description = _text()
    icon_url = _text()
    publish_time = fields.String(
        required=True, validate=validate.Regexp(r"\d{10}\Z", error="is no string of seconds")
    )


class SpaceBots(_Answer):
    """The older list of bots."""

    space_bots = fields.List(fields.Nested(_SpaceBot), required=True)
    total = Whole(required=True)


class _ListedBot(_Answer):
    id = _id()
    name = _text()
    description = _text()
    icon_url = _text()
    is_published = Flag(required=True)
    updated_at = _seconds(required=True)
    owner_user_id = _id()


class Bots(_Answer):
    """The list of bots."""

    items = fields.List(fields.Nested(_ListedBot), required=True)
    total = Whole(required=True)


class MadeBot(_Answer):
    """A bot that was made or published."""

    bot_id = _id()


class BotVersions(_Answer):
    """Versions of a bot."""

    items = fields.List(fields.Dict(), required=True)
    has_more = Flag(required=True)
    total = Whole(required=True)


class _Workspace(_Answer):
    id = _id()
    name = _text()
    icon_url = _text()
    role_type = fields.String(required=True, validate=validate.OneOf(("owner", "admin", "member")))
    workspace_type = fields.String(required=True, validate=validate.OneOf(("personal", "team")))
    enterprise_id = _text()


class Workspaces(_Answer):
    """The list of workspaces."""

    workspaces = fields.List(fields.Nested(_Workspace), required=True)
    total_count = Whole(required=True)


class User(_Answer):
    """Who calls."""

    user_id = _id()
    user_name = _text()
    nick_name = _text()
    avatar_url = _text()


class Conversation(_Answer):
    """A conversation."""

    id = _id()
    created_at = _seconds(required=True)
    updated_at = _seconds()
    meta_data = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    last_section_id = _id()


class Conversations(_Answer):
    """The list of conversations."""

    conversations = fields.List(fields.Nested(Conversation), required=True)
    has_more = Flag(required=True)


class Section(_Answer):
    """What clearing a conversation begins."""

    id = _id()
    conversation_id = _id()


class Message(_Answer):
    """A message."""

    id = _id()
    conversation_id = _id()
    role = fields.String(required=True, validate=validate.OneOf(("user", "assistant")))
    type = fields.String()
    content = _text()
    content_type = fields.String(
        required=True, validate=validate.OneOf(("text", "object_string", "card", "audio"))
    )
    bot_id = fields.String()
    chat_id = fields.String()
    section_id = fields.String()
    meta_data = fields.Dict(keys=fields.String(), values=fields.String())
    created_at = _seconds()
    updated_at = _seconds()


class _Usage(_Answer):
    token_count = Whole(required=True)
    output_count = Whole(required=True)
    input_count = Whole(required=True)


class _LastError(_Answer):
    code = Whole(required=True)
    msg = _text()


class Chat(_Answer):
    """A chat."""

    id = _id()
    conversation_id = _id()
    bot_id = _id()
    created_at = _seconds(required=True)
    completed_at = _seconds()
    failed_at = _seconds()
    status = fields.String(
        required=True,
        validate=validate.OneOf(
            ("created", "in_progress", "completed", "failed", "requires_action", "canceled")
        ),
    )
    last_error = fields.Nested(_LastError, allow_none=True)
    usage = fields.Nested(_Usage, allow_none=True)
    meta_data = fields.Dict(keys=fields.String(), values=fields.String())


class File(_Answer):
    """An uploaded file."""

    id = _id()
    bytes = Whole(required=True)
    file_name = _text()
    created_at = _seconds(required=True)


class _Variable(_Answer):
    keyword = _id()
    value = _text()
    create_time = Whole()
    update_time = Whole()


class Variables(_Answer):
    """Variables of a user."""

    items = fields.List(fields.Nested(_Variable), required=True)


class _Creator(_Answer):
    id = _id()
    name = _text()


class _Workflow(_Answer):
    workflow_id = _id()
    workflow_name = _text()
    description = _text()
    icon_url = _text()
    app_id = _id()
    creator = fields.Nested(_Creator)


class Workflows(_Answer):
    """The list of workflows."""

    items = fields.List(fields.Nested(_Workflow), required=True)
    has_more = Flag(required=True)


class Workflow(_Answer):
    """A workflow."""

    workflow_detail = fields.Nested(_Workflow, required=True)


class _WorkflowVersion(_Answer):
    version = _id()
    description = _text()
    created_at = _text()
    updated_at = _text()
    workflow_id = _id()
    creator = fields.Nested(_Creator, required=True)


class WorkflowVersions(_Answer):
    """Versions of a workflow."""

    items = fields.List(fields.Nested(_WorkflowVersion), required=True)
    has_more = Flag(required=True)


class Run(_Answer):
    """A run that is no stream; the members stand beside ``code``."""

    data = fields.String()
    debug_url = _text()
    execute_id = fields.String()
    usage = fields.Nested(_Usage)


class RunHistory(_Answer):
    """What became of a run."""

    execute_id = _id()
    execute_status = fields.String(required=True, validate=validate.OneOf(("Success", "Running", "Fail")))
    bot_id = _id()
    connector_id = _id()
    connector_uid = _id()
    run_mode = Whole(required=True, validate=validate.Range(0, 2, error="is no run mode"))
    logid = _id()
    create_time = _seconds(required=True)
    update_time = _seconds(required=True)
    output = _text()
    error_code = fields.Raw(required=True)
    debug_url = _text()
    is_output_trimmed = Flag(required=True)


class NodeOutput(_Answer):
    """What a node put out."""

    is_finish = Flag(required=True)
    node_output = _text()


class Device(_Answer):
    """A device code; the life of it is a duration."""

    device_code = _id()
    user_code = _id()
    verification_uri = _id()
    expires_in = Whole(required=True, validate=validate.Range(1, 86_400, error="is no duration in seconds"))
    interval = Whole()


class Tokens(_Answer):
    """Tokens; their life ends at an absolute time."""

    access_token = _id()
    expires_in = _seconds(required=True)
    refresh_token = fields.String()
    token_type = fields.String()


SCHEMAS: dict[str, Schema] = {
    "analytics": Analytics(),
    "logs": Logs(),
    "bot": Bot(),
    "space-bots": SpaceBots(),
    "bots": Bots(),
    "made-bot": MadeBot(),
    "bot-versions": BotVersions(),
    "workspaces": Workspaces(),
    "user": User(),
    "conversation": Conversation(),
    "conversations": Conversations(),
    "section": Section(),
    "message": Message(),
    "chat": Chat(),
    "file": File(),
    "variables": Variables(),
    "workflows": Workflows(),
    "workflow": Workflow(),
    "workflow-versions": WorkflowVersions(),
    "run": Run(),
    "run-history": RunHistory(),
    "node-output": NodeOutput(),
    "device": Device(),
    "tokens": Tokens(),
}
"""By the name that a clause ``coze.shape.…`` bears."""
