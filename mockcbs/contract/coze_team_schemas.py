"""Schemas of apps, folders, workspaces, members, callback apps, bills (contract 1.3, 3.8, 3.12, 3.13.1)."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from mockcbs.services.coze.responses.fields import Flag, Part, Real, Whole, identifier, seconds, text
from mockcbs.services.coze.responses.teams import AddedMembers


class _App(Part):
    id = identifier()
    name = text()
    description = text()
    icon_url = text()
    is_published = Flag(required=True)
    owner_user_id = identifier()
    updated_at = seconds(required=True)
    published_at = seconds()
    folder_id = fields.String()


class Apps(Part):
    """The list of apps."""

    items = fields.List(fields.Nested(_App), required=True)
    total = Whole(required=True)


class Folder(Part):
    """A folder."""

    id = identifier()
    name = text()
    description = text()
    workspace_id = identifier()
    creator_user_id = identifier()
    folder_type = fields.String(required=True, validate=validate.OneOf(("development", "library")))


class Folders(Part):
    """The list of folders."""

    items = fields.List(fields.Nested(Folder), required=True)
    total_count = Whole(required=True)


class Template(Part):
    """An object that was created from a template."""

    entity_id = identifier()
    entity_type = fields.String(required=True, validate=validate.OneOf(("agent", "project")))


class MadeWorkspace(Part):
    """The response after a workspace was created."""

    id = identifier()


class _Member(Part):
    user_id = identifier()
    user_unique_name = fields.String()
    avatar_url = fields.String()
    role_type = fields.String(required=True, validate=validate.OneOf(("owner", "admin", "member")))
    user_nickname = text()


class Members(Part):
    """The members of a workspace."""

    items = fields.List(fields.Nested(_Member), required=True)
    total_count = Whole(required=True)
    has_more = Flag(required=True)


class Organization(Part):
    """The response after an organization was created."""

    organization_id = identifier()


class ApiApp(Part):
    """A callback app."""

    id = identifier()
    app_type = fields.String(required=True, validate=validate.OneOf(("normal", "connector")))
    verify_token = identifier()
    name = fields.String()
    connector_id = fields.String()
    callback_url = fields.String()


class _Paged(Part):
    has_more = Flag(required=True)
    next_page_token = fields.String()

    @validates_schema(skip_on_field_errors=True)
    def _token(self, data: dict[str, Any], **_: Any) -> None:
        if data["has_more"] and not data.get("next_page_token"):
            raise ValidationError("is missing although has_more is true", "next_page_token")


class ApiApps(_Paged):
    """The list of callback apps."""

    items = fields.List(fields.Nested(ApiApp), required=True)


class _ApiEvent(Part):
    api_app_id = identifier()
    name = text()
    description = text()
    event_type = identifier()


class ApiEvents(_Paged):
    """The events that a callback app receives."""

    items = fields.List(fields.Nested(_ApiEvent), required=True)


class _Plan(Part):
    user_level = fields.String(
        required=True, validate=validate.OneOf(("free", "pro_personal", "team", "enterprise"))
    )


class _Item(Part):
    used = Real(required=True)
    total = Real(required=True)
    start_at = Whole(required=True)
    end_at = Whole(required=True)
    strategy = fields.String(required=True, validate=validate.OneOf(("unlimit", "forbidden", "by_quota")))


class _State(Part):
    status = text()
    item_info = fields.Nested(_Item, required=True)


class _Benefit(Part):
    resource_id = fields.String()
    benefit_type = fields.String(required=True, validate=validate.OneOf(("api_run_qps", "call_tool_limit")))
    basic = fields.Nested(_State, required=True)
    effective = fields.Nested(_State)
    extra = fields.List(fields.Nested(_State))


class Benefits(Part):
    """The plan of the account and its limits."""

    basic_info = fields.Nested(_Plan, required=True)
    benefit_info = fields.List(fields.Nested(_Benefit))


class _Task(Part):
    task_id = identifier()
    started_at = seconds(required=True)
    ended_at = seconds(required=True)
    created_at = seconds(required=True)
    expires_at = seconds(required=True)
    status = fields.String(required=True, validate=validate.OneOf(("init", "running", "succeed", "failed")))


class BillTask(_Task):
    """A bill export that was started."""

    file_urls = text()


class _ListedTask(_Task):
    file_urls = fields.List(fields.String(), required=True)


class BillTasks(Part):
    """The list of bill exports."""

    task_infos = fields.List(fields.Nested(_ListedTask), required=True)
    total = Whole(required=True)


class _LegacyMessage(Part):
    role = fields.String(required=True, validate=validate.Equal("assistant"))
    type = fields.String(
        required=True,
        validate=validate.OneOf(("answer", "function_call", "tool_response", "follow_up", "verbose")),
    )
    content = text()
    content_type = text()


class LegacyChat(Part):
    """A chat of version 2, which has no data."""

    messages = fields.List(fields.Nested(_LegacyMessage), required=True)
    conversation_id = identifier()


TEAMS = {
    "apps": Apps(),
    "folders": Folders(),
    "folder": Folder(),
    "template": Template(),
    "made-workspace": MadeWorkspace(),
    "members": Members(),
    "added-members": AddedMembers(),
    "organization": Organization(),
    "api-app": ApiApp(),
    "api-apps": ApiApps(),
    "api-events": ApiEvents(),
    "benefits": Benefits(),
    "bill-task": BillTask(),
    "bill-tasks": BillTasks(),
    "legacy-chat": LegacyChat(),
}
