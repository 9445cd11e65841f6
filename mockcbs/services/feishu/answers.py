"""Schemas of Feishu's responses, for the OpenAPI document only; views do not use them."""

from typing import Any, ClassVar

from marshmallow import Schema, fields

from mockcbs.core.fields import Field, List


class Answer(Schema):
    """A response or a part of it; all members are required except those in `OPTIONAL`."""

    OPTIONAL: ClassVar[tuple[str, ...]] = ()

    def on_bind_field(self, field_name: str, field_obj: Field[Any]) -> None:
        """Make the members required."""
        field_obj.required = field_name not in self.OPTIONAL


def _many(schema: type[Schema]) -> List[Any]:
    return fields.List(fields.Nested(schema))


def _texts() -> List[str]:
    return fields.List(fields.String())


class FeishuErrorDetails(Answer):
    """Hints about the cause of an error."""

    message = fields.String()
    log_id = fields.String()
    troubleshooter = fields.String()


class FeishuFailure(Answer):
    """An error. Custom bots and the token call have ``data`` instead of ``error``."""

    OPTIONAL = ("error", "data")

    code = fields.Integer()
    msg = fields.String()
    error = fields.Nested(FeishuErrorDetails)
    data = fields.Dict()


class FeishuEnvelope(Answer):
    """A successful response. Many errors have HTTP status 200, too, but another code."""

    code = fields.Integer()
    msg = fields.String()
    data = fields.Dict()


def _envelope(name: str, meaning: str, /, **members: Field[Any]) -> type[Answer]:
    """The schema of a successful response with these members in its data."""
    data = type(f"{name}Data", (Answer,), {**members, "__doc__": meaning, "__module__": __name__})
    answer = {"data": fields.Nested(data), "__doc__": meaning, "__module__": __name__}
    return type(name, (FeishuEnvelope,), answer)


class FeishuPerson(Answer):
    """A user."""

    id = fields.String()
    name = fields.String()
    en_name = fields.String()
    email = fields.String()
    avatar_url = fields.String()


class FeishuRecordShown(Answer):
    """A record; the last members are sent on request."""

    OPTIONAL = (
        "created_by",
        "created_time",
        "last_modified_by",
        "last_modified_time",
        "shared_url",
        "record_url",
    )

    record_id = fields.String()
    id = fields.String()
    created_by = fields.Nested(FeishuPerson)
    created_time = fields.Integer(metadata={"description": "ms."})
    last_modified_by = fields.Nested(FeishuPerson)
    last_modified_time = fields.Integer(metadata={"description": "ms."})
    shared_url = fields.String()
    record_url = fields.String()
    fields = fields.Dict(keys=fields.String(), metadata={"description": "By field name."})  # type: ignore[assignment]


class FeishuDeletedRecord(Answer):
    """A deleted record."""

    deleted = fields.Boolean()
    record_id = fields.String()


class FeishuTableShown(Answer):
    """A table."""

    table_id = fields.String()
    revision = fields.Integer()
    name = fields.String()


class FeishuFieldShown(Answer):
    """A field."""

    field_id = fields.String()
    field_name = fields.String()
    type = fields.Integer()
    ui_type = fields.String()
    is_primary = fields.Boolean()
    property = fields.Dict(allow_none=True)
    description = fields.Raw(allow_none=True)
    is_hidden = fields.Boolean()


class FeishuViewCondition(Answer):
    """A condition of a view's filter."""

    OPTIONAL = ("value",)

    condition_id = fields.String()
    field_id = fields.String()
    field_type = fields.Integer()
    operator = fields.String()
    value = fields.String(metadata={"description": "A JSON list in a string."})


class FeishuViewFilter(Answer):
    """A view's filter."""

    conjunction = fields.String()
    conditions = _many(FeishuViewCondition)
    condition_omitted = fields.Boolean()


class FeishuViewProperty(Answer):
    """The filter and the hidden fields of a view."""

    filter_info = fields.Nested(FeishuViewFilter, allow_none=True)
    hidden_fields = _texts()


class FeishuViewShown(Answer):
    """A view."""

    view_id = fields.String()
    view_name = fields.String()
    view_type = fields.String()
    view_public_level = fields.String()
    property = fields.Nested(FeishuViewProperty)


class FeishuBaseShown(Answer):
    """A Base."""

    OPTIONAL = ("revision", "is_advanced", "time_zone", "folder_token", "url", "default_table_id")

    app_token = fields.String()
    name = fields.String()
    revision = fields.Integer()
    is_advanced = fields.Boolean()
    time_zone = fields.String()
    folder_token = fields.String()
    url = fields.String()
    default_table_id = fields.String()


class FeishuWorkflowShown(Answer):
    """An automation."""

    workflow_id = fields.String()
    status = fields.String()
    title = fields.String()


class FeishuChatShown(Answer):
    """A chat."""

    chat_id = fields.String()
    avatar = fields.String()
    name = fields.String()
    description = fields.String()
    owner_id = fields.String()
    owner_id_type = fields.String()
    external = fields.Boolean()
    tenant_key = fields.String()
    chat_status = fields.String()


class FeishuSender(Answer):
    """The sender of a message."""

    id = fields.String()
    id_type = fields.String()
    sender_type = fields.String()
    tenant_key = fields.String()


class FeishuMessageContent(Answer):
    """The content of a message: JSON in a string."""

    content = fields.String()


class FeishuBotShown(Answer):
    """The app's bot."""

    activate_status = fields.Integer()
    app_name = fields.String()
    avatar_url = fields.String()
    ip_white_list = _texts()
    open_id = fields.String()


class FeishuBotAnswer(Answer):
    """The bot, on the level of the code."""

    code = fields.Integer()
    msg = fields.String()
    bot = fields.Nested(FeishuBotShown)


class FeishuTokenAnswer(Answer):
    """An access token, on the level of the code."""

    OPTIONAL = ("app_access_token",)

    code = fields.Integer()
    msg = fields.String()
    tenant_access_token = fields.String()
    app_access_token = fields.String()
    expire = fields.Integer(metadata={"description": "The remaining lifetime of the token in seconds."})


class FeishuHookAnswer(FeishuEnvelope):
    """The response to a message that reached the group of a custom bot."""

    extra = fields.Raw(data_key="Extra", allow_none=True)
    status_code = fields.Integer(data_key="StatusCode")
    status_message = fields.String(data_key="StatusMessage")


def _page(items: type[Schema]) -> dict[str, Field[Any]]:
    return {
        "items": _many(items),
        "has_more": fields.Boolean(),
        "page_token": fields.String(),
        "total": fields.Integer(),
    }


FeishuRecordAnswer = _envelope("FeishuRecordAnswer", "One record.", record=fields.Nested(FeishuRecordShown))
FeishuRecordsAnswer = _envelope("FeishuRecordsAnswer", "Records.", records=_many(FeishuRecordShown))
FeishuRecordPage = _envelope("FeishuRecordPage", "One page of records.", **_page(FeishuRecordShown))
FeishuFoundRecords = _envelope(
    "FeishuFoundRecords",
    "Records by their ids.",
    records=_many(FeishuRecordShown),
    forbidden_record_ids=_texts(),
    absent_record_ids=_texts(),
)
FeishuDeletedAnswer = _envelope(
    "FeishuDeletedAnswer", "A deleted record.", deleted=fields.Boolean(), record_id=fields.String()
)
FeishuDeletedRecords = _envelope(
    "FeishuDeletedRecords", "Deleted records.", records=_many(FeishuDeletedRecord)
)
FeishuTablePage = _envelope("FeishuTablePage", "One page of tables.", **_page(FeishuTableShown))
FeishuNewTableAnswer = _envelope(
    "FeishuNewTableAnswer",
    "A new table.",
    table_id=fields.String(),
    default_view_id=fields.String(),
    field_id_list=_texts(),
)
FeishuNewTablesAnswer = _envelope("FeishuNewTablesAnswer", "New tables.", table_ids=_texts())
FeishuTableNameAnswer = _envelope("FeishuTableNameAnswer", "The name of a table.", name=fields.String())
FeishuFieldAnswer = _envelope("FeishuFieldAnswer", "One field.", field=fields.Nested(FeishuFieldShown))
FeishuFieldPage = _envelope("FeishuFieldPage", "One page of fields.", **_page(FeishuFieldShown))
FeishuDeletedField = _envelope(
    "FeishuDeletedField", "A deleted field.", field_id=fields.String(), deleted=fields.Boolean()
)
FeishuViewAnswer = _envelope("FeishuViewAnswer", "One view.", view=fields.Nested(FeishuViewShown))
FeishuViewPage = _envelope("FeishuViewPage", "One page of views.", **_page(FeishuViewShown))
FeishuBaseAnswer = _envelope("FeishuBaseAnswer", "One Base.", app=fields.Nested(FeishuBaseShown))
FeishuWorkflowsAnswer = _envelope(
    "FeishuWorkflowsAnswer", "The automations of a Base.", workflows=_many(FeishuWorkflowShown)
)
FeishuMessageAnswer = _envelope(
    "FeishuMessageAnswer",
    "A sent message.",
    message_id=fields.String(),
    root_id=fields.String(),
    parent_id=fields.String(),
    thread_id=fields.String(),
    msg_type=fields.String(),
    create_time=fields.String(metadata={"description": "ms, in a string."}),
    update_time=fields.String(metadata={"description": "ms, in a string."}),
    deleted=fields.Boolean(),
    updated=fields.Boolean(),
    chat_id=fields.String(),
    sender=fields.Nested(FeishuSender),
    body=fields.Nested(FeishuMessageContent),
    mentions=fields.List(fields.Dict()),
)
FeishuChatPage = _envelope(
    "FeishuChatPage",
    "One page of chats.",
    items=_many(FeishuChatShown),
    has_more=fields.Boolean(),
    page_token=fields.String(),
)
FeishuInChatAnswer = _envelope(
    "FeishuInChatAnswer", "Whether the bot is in a chat.", is_in_chat=fields.Boolean()
)
