"""The members of Feishu's responses that clients read."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from mockcbs.services.coze.responses.fields import Flag, Part, Whole, identifier, text

_CHAT_STATUS = validate.OneOf(("normal", "dissolved", "dissolved_save"))
_MILLISECONDS = validate.Regexp(r"\d{13}\Z", error="is not a string of milliseconds")


class _Record(Part):
    record_id = identifier()
    id = fields.String()
    fields = fields.Dict(keys=fields.String(), required=True)  # type: ignore[assignment]

    @validates_schema(skip_on_field_errors=True)
    def _same(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("id", data["record_id"]) != data["record_id"]:
            raise ValidationError("is not record_id", "id")


class _OneRecord(Part):
    record = fields.Nested(_Record, required=True)


class _Records(Part):
    records = fields.List(fields.Nested(_Record), required=True)
    forbidden_record_ids = fields.List(fields.String())
    absent_record_ids = fields.List(fields.String())


class _Part(Part):
    has_more = Flag(required=True)
    page_token = fields.String()

    @validates_schema(skip_on_field_errors=True)
    def _token(self, data: dict[str, Any], **_: Any) -> None:
        if data["has_more"] and not data.get("page_token"):
            raise ValidationError("is missing although has_more is true", "page_token")


class _Page(_Part):
    total = Whole(required=True)

    @validates_schema(skip_on_field_errors=True)
    def _total(self, data: dict[str, Any], **_: Any) -> None:
        if data["total"] < len(data["items"]):
            raise ValidationError("is less than the number of items", "total")


class _RecordPage(_Page):
    items = fields.List(fields.Nested(_Record), required=True)


class _Deleted(Part):
    deleted = Flag(required=True)
    record_id = identifier()


class _Base(Part):
    app_token = identifier()
    name = text()
    revision = Whole(required=True)
    is_advanced = Flag(required=True)
    time_zone = fields.String()


class _OneBase(Part):
    app = fields.Nested(_Base, required=True)


class _Table(Part):
    table_id = identifier()
    name = text()
    revision = Whole(required=True)


class _TablePage(_Page):
    items = fields.List(fields.Nested(_Table), required=True)


class _NewTable(Part):
    table_id = identifier()
    default_view_id = identifier()
    field_id_list = fields.List(fields.String(), required=True)


class _Field(Part):
    field_id = identifier()
    field_name = text()
    type = Whole(required=True)
    ui_type = identifier()
    is_primary = Flag(required=True)
    property = fields.Dict(keys=fields.String(), allow_none=True)
    is_hidden = Flag()


class _OneField(Part):
    field = fields.Nested(_Field, required=True)


class _FieldPage(_Page):
    items = fields.List(fields.Nested(_Field), required=True)


class _Condition(Part):
    field_id = identifier()
    operator = identifier()
    value = fields.String()
    condition_id = fields.String()
    field_type = Whole()


class _Conditions(Part):
    conjunction = identifier()
    conditions = fields.List(fields.Nested(_Condition), required=True)
    condition_omitted = Flag(allow_none=True)


class _ViewProperty(Part):
    filter_info = fields.Nested(_Conditions, allow_none=True)
    hidden_fields = fields.List(fields.String(), allow_none=True)


class _View(Part):
    view_id = identifier()
    view_name = text()
    view_type = identifier()
    view_public_level = fields.String()
    view_private_owner_id = fields.String()
    property = fields.Nested(_ViewProperty, allow_none=True)


class _OneView(Part):
    view = fields.Nested(_View, required=True)


class _ViewPage(_Page):
    items = fields.List(fields.Nested(_View), required=True)


class _Body(Part):
    content = text()


class _Sender(Part):
    id = identifier()
    id_type = identifier()
    sender_type = identifier()
    tenant_key = text()


class _Message(Part):
    message_id = identifier()
    msg_type = text()
    create_time = fields.String(required=True, validate=_MILLISECONDS)
    update_time = fields.String(required=True, validate=_MILLISECONDS)
    deleted = Flag(required=True)
    updated = Flag(required=True)
    chat_id = identifier()
    body = fields.Nested(_Body, required=True)
    sender = fields.Nested(_Sender, required=True)
    mentions = fields.List(fields.Dict(keys=fields.String()))
    root_id = fields.String()
    parent_id = fields.String()
    thread_id = fields.String()


class _Chat(Part):
    chat_id = identifier()
    name = text()
    avatar = text()
    description = text()
    external = Flag(required=True)
    tenant_key = text()
    chat_status = fields.String(required=True, validate=_CHAT_STATUS)
    owner_id = fields.String()
    owner_id_type = fields.String()


class _ChatPage(_Part):
    items = fields.List(fields.Nested(_Chat), required=True)
    page_token = text()


class _Token(Part):
    tenant_access_token = identifier()
    expire = Whole(required=True, validate=validate.Range(1, 7200, error="is not a duration of up to 7200 s"))


SCHEMAS = {
    "token": _Token(),
    "base": _OneBase(),
    "tables": _TablePage(),
    "table": _NewTable(),
    "fields": _FieldPage(),
    "field": _OneField(),
    "views": _ViewPage(),
    "view": _OneView(),
    "record": _OneRecord(),
    "records": _Records(),
    "record-page": _RecordPage(),
    "deleted": _Deleted(),
    "message": _Message(),
    "chats": _ChatPage(),
}
"""The schemas by the last part of their clauses, ``feishu.shape.NAME``."""
