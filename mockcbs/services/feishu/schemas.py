"""Queries and bodies of Feishu's calls (contract 4.2 to 4.5)."""

from typing import Any, ClassVar

from marshmallow import EXCLUDE, Schema, fields, validate

from mockcbs.core.errors import ErrorSpec
from mockcbs.core.fields import List, OneOf
from mockcbs.services.feishu import errors
from mockcbs.services.feishu.records import MAX_DELETED, MAX_READ, MAX_WRITTEN

_TRUE, _FALSE = {"true", "True", "TRUE", "1", True}, {"false", "False", "FALSE", "0", False}


class FeishuSchema(Schema):
    """A schema that ignores unknown names, as the service does."""

    class Meta:
        """Unknown members are left out."""

        unknown = EXCLUDE

    NOT_JSON: ClassVar[ErrorSpec] = errors.BAD_JSON
    WRONG: ClassVar[ErrorSpec] = errors.BAD_BODY


class Batch(List[Any]):
    """The items of a batch call; more than the limit raises 1254104."""

    checks_length_first = True

    def __init__(self, inner: Any, limit: int, **kwargs: Any) -> None:
        super().__init__(inner, **kwargs)
        self._most = limit

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and len(value) > self._most:
            raise errors.refused(1254104, f"{attr}: {len(value)} items; at most {self._most} are accepted")
        found: list[Any] = super()._deserialize(value, attr, data, **kwargs)
        return found


def _truth(**kwargs: Any) -> fields.Boolean:
    return fields.Boolean(truthy=_TRUE, falsy=_FALSE, load_default=False, allow_none=True, **kwargs)


def _size(most: int) -> fields.Integer:
    bounds = validate.Range(1, most, error=f"{{input}} is not between 1 and {most}")
    return fields.Integer(load_default=20, validate=bounds)


def _user_id_type() -> fields.String:
    accepted = ("open_id", "union_id", "user_id")
    return fields.String(load_default="open_id", allow_none=True, validate=OneOf(accepted))


def _values(**kwargs: Any) -> fields.Dict:
    return fields.Dict(keys=fields.String(), data_key="fields", **kwargs)


class UserQuery(FeishuSchema):
    """The form of users' ids."""

    user_id_type = _user_id_type()


class WriteQuery(UserQuery):
    """How to write records."""

    client_token = fields.String(load_default="", validate=validate.Length(max=256))
    ignore_consistency_check = _truth()


class PageQuery(FeishuSchema):
    """One page of tables, fields or views."""

    page_size = _size(100)
    page_token = fields.String()


class FieldsQuery(PageQuery):
    """One page of fields."""

    view_id = fields.String()
    text_field_as_array = _truth()


class ReadQuery(UserQuery):
    """How to show records."""

    text_field_as_array = _truth()
    display_formula_ref = _truth()
    automatic_fields = _truth()
    with_shared_url = _truth()


class ListQuery(ReadQuery):
    """Query of listing records."""

    view_id = fields.String()
    filter = fields.String()
    sort = fields.String()
    field_names = fields.String()
    page_size = _size(500)
    page_token = fields.String()


class SearchQuery(UserQuery):
    """One page of a search."""

    page_size = _size(500)
    page_token = fields.String()


class SearchBody(FeishuSchema):
    """The records that a search shows."""

    view_id = fields.String(allow_none=True)
    field_names = fields.List(fields.String(), allow_none=True)
    sort = fields.Raw(allow_none=True, metadata={"type": "array", "items": {"type": "object"}})
    filter = fields.Raw(allow_none=True, metadata={"type": "object"})
    automatic_fields = _truth()


class RecordBody(FeishuSchema):
    """The values of a record by field name."""

    values = _values(required=True)


class ChangedRecord(FeishuSchema):
    """A record and its new values."""

    record_id = fields.String(required=True)
    values = _values(required=True)


class CreateBatch(FeishuSchema):
    """Records to create."""

    records = Batch(fields.Nested(RecordBody), MAX_WRITTEN, required=True)


class UpdateBatch(FeishuSchema):
    """Records to change."""

    records = Batch(fields.Nested(ChangedRecord), MAX_WRITTEN, required=True)


class DeleteBatch(FeishuSchema):
    """Records to delete."""

    records = Batch(fields.String(), MAX_DELETED, required=True)


class GetBatch(FeishuSchema):
    """Records to read."""

    record_ids = Batch(fields.String(), MAX_READ, required=True)
    user_id_type = _user_id_type()
    with_shared_url = _truth()
    automatic_fields = _truth()


class NewBase(FeishuSchema):
    """A Base to create."""

    name = fields.String(load_default="", validate=validate.Length(max=255))
    folder_token = fields.String(allow_none=True)
    time_zone = fields.String(allow_none=True)


class ChangedBase(FeishuSchema):
    """The changes of a Base."""

    name = fields.String(validate=validate.Length(1, 255))
    is_advanced = fields.Boolean()


class NewTable(FeishuSchema):
    """A table to create."""

    name = fields.String(required=True, validate=validate.Length(1, 100))
    default_view_name = fields.String(load_default="", allow_none=True)
    columns = fields.List(
        fields.Dict(keys=fields.String()), data_key="fields", load_default=[], allow_none=True
    )


class TableBody(FeishuSchema):
    """Body with a table to create."""

    table = fields.Nested(NewTable, required=True)


class TablesBody(FeishuSchema):
    """Body with tables to create."""

    tables = fields.List(fields.Nested(NewTable), required=True)


class TableIds(FeishuSchema):
    """Tables to delete."""

    table_ids = fields.List(fields.String(), required=True)


class TableName(FeishuSchema):
    """The new name of a table."""

    name = fields.String(required=True, validate=validate.Length(1, 100))


class FieldBody(FeishuSchema):
    """A field to create or to change."""

    field_name = fields.String(required=True, validate=validate.Length(1, 1000))
    type = fields.Integer(required=True, strict=True)
    ui_type = fields.String(allow_none=True)
    property = fields.Dict(keys=fields.String(), allow_none=True)
    description = fields.Raw(allow_none=True)


class NewView(FeishuSchema):
    """A view to create."""

    view_name = fields.String(required=True, validate=validate.Length(1, 100))
    view_type = fields.String(load_default="grid", allow_none=True)


class ChangedView(FeishuSchema):
    """The changes of a view."""

    view_name = fields.String(validate=validate.Length(1, 100))
    property = fields.Dict(keys=fields.String(), allow_none=True)


class WorkflowStatus(FeishuSchema):
    """Whether an automation is enabled."""

    status = fields.String(required=True, validate=validate.OneOf(("Enable", "Disable")))


class AppCredentials(FeishuSchema):
    """The credentials of an app."""

    NOT_JSON = WRONG = errors.row(10003)

    app_id = fields.String(required=True, validate=validate.Length(1, 256))
    app_secret = fields.String(required=True, validate=validate.Length(1, 256))


class MessageQuery(FeishuSchema):
    """Query with the type of the receiver of a message."""

    NOT_JSON = WRONG = errors.row(230001)

    receive_id_type = fields.String(required=True)


class MessageBody(FeishuSchema):
    """A message."""

    NOT_JSON = WRONG = errors.row(230001)

    receive_id = fields.String(required=True, validate=validate.Length(1, 256))
    msg_type = fields.String(required=True)
    content = fields.String(required=True, metadata={"description": "JSON in a string."})
    uuid = fields.String(allow_none=True, validate=validate.Length(max=50))


class ChatsQuery(FeishuSchema):
    """One page of chats."""

    page_size = _size(100)
    page_token = fields.String()
