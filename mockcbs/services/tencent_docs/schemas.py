"""Queries, bodies and responses of Tencent Docs and WeCom (contract 4.7)."""

from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from mockcbs.core.fields import OneOf

MAX_RECORDS = 500
MAX_PAGE = 1000


class DocsGiven(Schema):
    """A query or a body; unknown members are ignored."""

    class Meta:
        """The options of marshmallow."""

        unknown = EXCLUDE


def _text(high: int = 1000, low: int = 0, **kwargs: Any) -> fields.String:
    return fields.String(validate=validate.Length(low, high), **kwargs)


class AuthorizeQuery(DocsGiven):
    """Query of the page where a user consents."""

    client_id = _text(256, 1, required=True)
    redirect_uri = fields.URL(required=True, schemes={"http", "https"}, require_tld=False)
    response_type = fields.String(required=True, validate=OneOf(["code"]))
    scope = _text(load_default="all")
    state = _text(load_default="")


class DocsTokenQuery(DocsGiven):
    """Query of a token for a code or for a refresh token."""

    client_id = _text(256, 1, required=True)
    client_secret = _text(256, 1, required=True)
    grant_type = fields.String(required=True, validate=OneOf(["authorization_code", "refresh_token"]))
    code = _text(2000)
    redirect_uri = _text()
    refresh_token = _text(2000)


class AppTokenQuery(DocsGiven):
    """Query of a token of the application itself."""

    client_id = _text(256, 1, required=True)
    client_secret = _text(256, 1, required=True)


class UserInfoQuery(DocsGiven):
    """Query of the user of a token."""

    access_token = _text(2000, 1, required=True)


class DocsTokenAnswer(Schema):
    """A token."""

    access_token = fields.String(required=True)
    token_type = fields.String(required=True)
    expires_in = fields.Integer(required=True)
    refresh_token = fields.String(required=True)
    scope = fields.String(required=True)
    user_id = fields.String(required=True)


class GetRecords(DocsGiven):
    """Records by number or by id."""

    offset = fields.Integer(load_default=0, strict=True, validate=validate.Range(0))
    limit = fields.Integer(load_default=100, strict=True, validate=validate.Range(1, MAX_PAGE))
    record_ids = fields.List(_text(64), data_key="recordIDs", validate=validate.Length(0, MAX_PAGE))


class NewRow(DocsGiven):
    """A record to add."""

    values = fields.Dict(keys=fields.String(), required=True)


class ChangedRow(NewRow):
    """A record to change."""

    record_id = _text(64, 1, data_key="recordID", required=True)


class AddRecords(DocsGiven):
    """Records to add."""

    records = fields.List(fields.Nested(NewRow), required=True, validate=validate.Length(1, MAX_RECORDS))


class UpdateRecords(DocsGiven):
    """Records to change."""

    records = fields.List(fields.Nested(ChangedRow), required=True, validate=validate.Length(1, MAX_RECORDS))


class DeleteRecords(DocsGiven):
    """Records to delete."""

    record_ids = fields.List(
        _text(64), data_key="recordIDs", required=True, validate=validate.Length(1, MAX_RECORDS)
    )


class SheetRequest(DocsGiven):
    """One of four operations on a sheet."""

    get_records = fields.Nested(GetRecords, data_key="getRecords")
    add_records = fields.Nested(AddRecords, data_key="addRecords")
    update_records = fields.Nested(UpdateRecords, data_key="updateRecords")
    delete_records = fields.Nested(DeleteRecords, data_key="deleteRecords")

    @validates_schema
    def _one(self, data: dict[str, Any], **_: Any) -> None:
        if len(data) != 1:
            raise ValidationError("give one of getRecords, addRecords, updateRecords, deleteRecords")


class DocsAnswer(Schema):
    """A successful response of Tencent Docs."""

    ret = fields.Integer(required=True)
    msg = fields.String(required=True)
    data = fields.Dict(keys=fields.String(), required=True)


class WeComTokenQuery(DocsGiven):
    """Query of a token of WeCom."""

    corpid = _text(256, 1, required=True)
    corpsecret = _text(256, 1, required=True)


class WeComToken(Schema):
    """A token of WeCom."""

    errcode = fields.Integer(required=True)
    errmsg = fields.String(required=True)
    access_token = fields.String(required=True)
    expires_in = fields.Integer(required=True)


class WeComAddRecords(DocsGiven):
    """Records to add to a smart sheet of WeCom."""

    docid = _text(128, 1, required=True)
    sheet_id = _text(128, 1, required=True)
    key_type = fields.String(
        load_default="CELL_VALUE_KEY_TYPE_FIELD_TITLE",
        validate=OneOf(["CELL_VALUE_KEY_TYPE_FIELD_TITLE", "CELL_VALUE_KEY_TYPE_FIELD_ID"]),
    )
    records = fields.List(fields.Nested(NewRow), required=True, validate=validate.Length(1, MAX_RECORDS))


class WeComRow(Schema):
    """A record of WeCom."""

    record_id = fields.String(required=True)
    values = fields.Dict(keys=fields.String(), required=True)


class WeComRecords(Schema):
    """The added records."""

    errcode = fields.Integer(required=True)
    errmsg = fields.String(required=True)
    records = fields.List(fields.Nested(WeComRow), required=True)
