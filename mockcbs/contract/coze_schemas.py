"""The members of Coze's responses: those of the analytics, and those that official SDKs require."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from mockcbs.contract.coze_fields import (
    Exact,
    Flag,
    Part,
    Real,
    Whole,
    identifier,
    milliseconds,
    seconds,
    text,
)

# Analytics (contract 1.4.3, 1.5.3)


class Figures(Exact):
    """The figures of one period or of the whole range."""

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
    timestamp = seconds(required=True)


class Analytics(Exact):
    """``data`` of the analytics, of a bot or of a workflow."""

    bot_id = fields.String()
    workflow_id = fields.String()
    start_date = text()
    end_date = text()
    granularity = text()
    timezone = text()
    metrics = fields.List(fields.Nested(Metric), required=True)
    summary = fields.Nested(Figures, required=True)

    @validates_schema
    def _one_owner(self, data: dict[str, Any], **_: Any) -> None:
        if ("bot_id" in data) == ("workflow_id" in data):
            raise ValidationError("must have bot_id or workflow_id, and not both")


class LogEvent(Exact):
    """A raw event."""

    event_id = identifier()
    event_type = text()
    bot_id = fields.String()
    workflow_id = fields.String()
    session_id = identifier()
    chat_id = fields.String()
    execute_id = fields.String()
    message_id = fields.String()
    user_id = text()
    connector_id = identifier()
    trigger_time = milliseconds()
    timestamp = milliseconds()
    status = text()
    role = fields.String()
    duration_ms = Whole(validate=validate.Range(0, error="is negative"))
    error_code = Whole()
    error_message = fields.String()


class Logs(Exact):
    """``data`` of the raw events."""

    items = fields.List(fields.Nested(LogEvent), required=True)
    total = Whole(required=True)
    has_more = Flag(required=True)


# The OpenAPI around it (contract 3): what cozepy requires


class Bot(Part):
    """Settings of a bot."""

    bot_id = identifier()
    name = fields.String()
    create_time = seconds()
    update_time = seconds()
    version = fields.String()
    bot_mode = Whole()


class _SpaceBot(Part):
    bot_id = identifier()
    bot_name = text()
    description = text()
    icon_url = text()
    publish_time = fields.String(
        required=True, validate=validate.Regexp(r"\d{10}\Z", error="is no string of seconds")
    )


class SpaceBots(Part):
    """The older list of bots."""

    space_bots = fields.List(fields.Nested(_SpaceBot), required=True)
    total = Whole(required=True)


class _ListedBot(Part):
    id = identifier()
    name = text()
    description = text()
    icon_url = text()
    is_published = Flag(required=True)
    updated_at = seconds(required=True)
    owner_user_id = identifier()


class Bots(Part):
    """The list of bots."""

    items = fields.List(fields.Nested(_ListedBot), required=True)
    total = Whole(required=True)


class MadeBot(Part):
    """A bot that was created or published."""

    bot_id = identifier()


class BotVersions(Part):
    """Versions of a bot."""

    items = fields.List(fields.Dict(), required=True)
    has_more = Flag(required=True)
    total = Whole(required=True)


class _Workspace(Part):
    id = identifier()
    name = text()
    icon_url = text()
    role_type = fields.String(required=True, validate=validate.OneOf(("owner", "admin", "member")))
    workspace_type = fields.String(required=True, validate=validate.OneOf(("personal", "team")))
    enterprise_id = text()


class Workspaces(Part):
    """The list of workspaces."""

    workspaces = fields.List(fields.Nested(_Workspace), required=True)
    total_count = Whole(required=True)


class User(Part):
    """The caller."""

    user_id = identifier()
    user_name = text()
    nick_name = text()
    avatar_url = text()


class Conversation(Part):
    """A conversation."""

    id = identifier()
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


class _Usage(Part):
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
    usage = fields.Nested(_Usage, allow_none=True)
    required_action = fields.Nested(_RequiredAction, allow_none=True)
    meta_data = fields.Dict(keys=fields.String(), values=fields.String())


class File(Part):
    """An uploaded file."""

    id = identifier()
    bytes = Whole(required=True)
    file_name = text()
    created_at = seconds(required=True)


class _Variable(Part):
    keyword = identifier()
    value = text()
    create_time = Whole()
    update_time = Whole()


class Variables(Part):
    """Variables of a user."""

    items = fields.List(fields.Nested(_Variable), required=True)


class _Creator(Part):
    id = identifier()
    name = text()


class _Workflow(Part):
    workflow_id = identifier()
    workflow_name = text()
    description = text()
    icon_url = text()
    app_id = identifier()
    creator = fields.Nested(_Creator)


class Workflows(Part):
    """The list of workflows."""

    items = fields.List(fields.Nested(_Workflow), required=True)
    has_more = Flag(required=True)


class Workflow(Part):
    """A workflow."""

    workflow_detail = fields.Nested(_Workflow, required=True)


class _WorkflowVersion(Part):
    version = identifier()
    description = text()
    created_at = text()
    updated_at = text()
    workflow_id = identifier()
    creator = fields.Nested(_Creator, required=True)


class WorkflowVersions(Part):
    """Versions of a workflow."""

    items = fields.List(fields.Nested(_WorkflowVersion), required=True)
    has_more = Flag(required=True)


class Run(Part):
    """A run without a stream; its members are on the level of ``code``."""

    data = fields.String()
    debug_url = text()
    execute_id = fields.String()
    usage = fields.Nested(_Usage)


class RunHistory(Part):
    """The history of a run."""

    execute_id = identifier()
    execute_status = fields.String(required=True, validate=validate.OneOf(("Success", "Running", "Fail")))
    bot_id = identifier()
    connector_id = identifier()
    connector_uid = identifier()
    run_mode = Whole(required=True, validate=validate.Range(0, 2, error="is no run mode"))
    logid = identifier()
    create_time = seconds(required=True)
    update_time = seconds(required=True)
    output = text()
    error_code = fields.Raw(required=True)
    debug_url = text()
    is_output_trimmed = Flag(required=True)


class NodeOutput(Part):
    """The output of a node."""

    is_finish = Flag(required=True)
    node_output = text()


class Device(Part):
    """A device code; its lifetime is a duration."""

    device_code = identifier()
    user_code = identifier()
    verification_uri = identifier()
    expires_in = Whole(required=True, validate=validate.Range(1, 86_400, error="is no duration in seconds"))
    interval = Whole()


class Tokens(Part):
    """Tokens; they expire at an absolute time."""

    access_token = identifier()
    expires_in = seconds(required=True)
    refresh_token = fields.String()
    token_type = fields.String(required=True, validate=validate.Equal("Bearer"))


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
"""By the name of the clause ``coze.shape.…``."""
