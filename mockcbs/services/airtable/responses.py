"""Responses of Airtable, for the OpenAPI document."""

from typing import Any

from marshmallow import Schema, fields

from mockcbs.core.fields import Field
from mockcbs.services.airtable.spelling import name_in_camel_case


class AirtableShown(Schema):
    """Part of a response."""

    def on_bind_field(self, field_name: str, field_obj: Field[Any]) -> None:
        """Use Airtable's spelling of names."""
        name_in_camel_case(field_name, field_obj)


class AirtableRecord(AirtableShown):
    """A record; empty cells are left out."""

    id = fields.String(required=True)
    created_time = fields.String(required=True)
    fields_ = fields.Dict(keys=fields.String(), data_key="fields", required=True)
    comment_count = fields.Integer()


class AirtableRecords(AirtableShown):
    """A page of records; the last page has no ``offset``."""

    records = fields.List(fields.Nested(AirtableRecord), required=True)
    offset = fields.String()


class AirtableWrittenRecords(AirtableShown):
    """One record or several; after an upsert also the ids of the created and the changed ones."""

    id = fields.String()
    created_time = fields.String()
    fields_ = fields.Dict(keys=fields.String(), data_key="fields")
    records = fields.List(fields.Nested(AirtableRecord))
    created_records = fields.List(fields.String())
    updated_records = fields.List(fields.String())


class AirtableDeleted(AirtableShown):
    """A deleted record."""

    id = fields.String(required=True)
    deleted = fields.Boolean(required=True)


class AirtableDeletedRecords(AirtableShown):
    """Deleted records."""

    records = fields.List(fields.Nested(AirtableDeleted), required=True)


class AirtableBase(AirtableShown):
    """A base."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    permission_level = fields.String(required=True)


class AirtableBases(AirtableShown):
    """The bases that a token can access."""

    bases = fields.List(fields.Nested(AirtableBase), required=True)


class AirtableFieldShape(AirtableShown):
    """A field of a table."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    type = fields.String(required=True)
    description = fields.String()
    options = fields.Dict(keys=fields.String())


class AirtableViewShape(AirtableShown):
    """A view of a table."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    type = fields.String(required=True)
    visible_field_ids = fields.List(fields.String())


class AirtableTableShape(AirtableShown):
    """A table without its records."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    primary_field_id = fields.String(required=True)
    fields_ = fields.List(fields.Nested(AirtableFieldShape), data_key="fields", required=True)
    views = fields.List(fields.Nested(AirtableViewShape), required=True)


class AirtableTables(AirtableShown):
    """The schema of a base."""

    tables = fields.List(fields.Nested(AirtableTableShape), required=True)


class AirtableMadeBase(AirtableShown):
    """A created base."""

    id = fields.String(required=True)
    tables = fields.List(fields.Nested(AirtableTableShape), required=True)


class AirtableWhoAmI(AirtableShown):
    """The user of the token."""

    id = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
