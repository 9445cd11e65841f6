"""Queries and bodies of requests (contract 4.6)."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from mockcbs.core.fields import Field, List, OneOf
from mockcbs.services.airtable.spelling import name_in_camel_case

MAX_RECORDS = 10
"""The maximum number of records in a request."""
MAX_PAGE = 100
_MAX_FORMULA = 100_000
_MAX_NAME = 255


class Given(Schema):
    """A query or a body; unknown members are ignored."""

    class Meta:
        """The options of marshmallow."""

        unknown = EXCLUDE

    def on_bind_field(self, field_name: str, field_obj: Field[Any]) -> None:
        """Use Airtable's spelling of names: ``pageSize`` for `page_size`."""
        name_in_camel_case(field_name, field_obj)


class Flag(fields.Boolean):
    """``true`` or ``false``; also ``1`` and ``0``, which pyairtable sends in queries."""

    truthy = {True, "true", "1"}  # noqa: RUF012 - marshmallow's own
    falsy = {False, "false", "0"}  # noqa: RUF012


def _whole(low: int, high: int | None = None, **kwargs: Any) -> fields.Integer:
    return fields.Integer(validate=validate.Range(low, high), **kwargs)


def _text(high: int = _MAX_NAME, low: int = 0, **kwargs: Any) -> fields.String:
    return fields.String(validate=validate.Length(low, high), **kwargs)


class AirtableSort(Given):
    """One key of a sort."""

    field = _text(required=True)
    direction = fields.String(load_default="asc", validate=OneOf(["asc", "desc"]))


class _Format(Given):
    """The format of cells."""

    cell_format = fields.String(load_default="json", validate=OneOf(["json", "string"]))
    time_zone = _text()
    user_locale = _text()
    return_fields_by_field_id = Flag(load_default=False)

    @validates_schema
    def _complete(self, data: Mapping[str, Any], **_: Any) -> None:
        if data.get("cell_format") == "string" and not {"time_zone", "user_locale"} <= data.keys():
            raise ValidationError("needs timeZone and userLocale too", "cellFormat")


class AirtableRecordQuery(_Format):
    """Query of one record."""


class AirtableListing(_Format):
    """The parameters of listing records, the same in the query and in the body."""

    page_size = _whole(1, MAX_PAGE, load_default=MAX_PAGE)
    max_records = _whole(1)
    offset = _text(1000)
    view = _text()
    filter_by_formula = _text(_MAX_FORMULA)
    sort = fields.List(fields.Nested(AirtableSort), load_default=[])
    fields_ = List(_text(), data_key="fields", load_default=None)
    record_metadata = fields.List(fields.String(validate=OneOf(["commentCount"])), load_default=[])


class AirtableListingQuery(AirtableListing):
    """Query of listing records."""

    fields_ = List(_text(), data_key="fields[]", load_default=None)
    record_metadata = fields.List(
        fields.String(validate=OneOf(["commentCount"])), data_key="recordMetadata[]", load_default=[]
    )


class AirtableLongListingQuery(Given):
    """Query of a listing with its parameters in the body."""

    time_zone = _text()
    user_locale = _text()


def _values(**kwargs: Any) -> fields.Dict:
    return fields.Dict(keys=fields.String(), data_key="fields", **kwargs)


class AirtableNewRecord(Given):
    """A record to create."""

    fields_ = _values(required=True)


class AirtableChangedRecord(AirtableNewRecord):
    """A record to change; without an id, ``performUpsert`` finds or creates it."""

    id = _text()


class _Written(Given):
    typecast = Flag(load_default=False)
    return_fields_by_field_id = Flag(load_default=False)


def _records(schema: type[Schema], **kwargs: Any) -> Field[Any]:
    return fields.List(fields.Nested(schema), validate=validate.Length(1, MAX_RECORDS), **kwargs)


class AirtableCreateRecords(_Written):
    """Body of creating one record (``fields``) or several records (``records``)."""

    fields_ = _values()
    records = _records(AirtableNewRecord)


class AirtableUpdateRecord(_Written):
    """Body of changing one record."""

    fields_ = _values()


class AirtableUpsert(Given):
    """The fields that identify a record."""

    fields_to_merge_on = fields.List(_text(), required=True, validate=validate.Length(1, 3))


class AirtableUpdateRecords(_Written):
    """Body of changing several records."""

    records = _records(AirtableChangedRecord, required=True)
    perform_upsert = fields.Nested(AirtableUpsert)


class AirtableDeleteQuery(Given):
    """Query of deleting several records."""

    records = List(_text(), data_key="records[]", required=True, validate=validate.Length(1, MAX_RECORDS))


class AirtableBasesQuery(Given):
    """Query of listing bases."""

    offset = _text()


class AirtableTablesQuery(Given):
    """Query of the schema of a base."""

    include = List(fields.String(), data_key="include", load_default=[])


class AirtableNewField(Given):
    """A field to create."""

    name = _text(required=True, low=1)
    type = _text(required=True)
    description = _text(20_000, load_default="")
    options = fields.Dict(keys=fields.String(), load_default=dict, allow_none=True)


class AirtableNewTable(Given):
    """A table to create."""

    name = _text(required=True, low=1)
    description = _text(20_000, load_default="")
    fields_ = fields.List(
        fields.Nested(AirtableNewField), data_key="fields", required=True, validate=validate.Length(1, 500)
    )


class AirtableNewBase(Given):
    """A base to create."""

    name = _text(required=True, low=1)
    workspace_id = _text(required=True)
    tables = fields.List(fields.Nested(AirtableNewTable), required=True, validate=validate.Length(1, 100))


class AirtableChangedName(Given):
    """A new name or description."""

    name = _text(low=1)
    description = _text(20_000, allow_none=True)
