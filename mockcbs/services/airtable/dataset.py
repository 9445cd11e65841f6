"""The part of a dataset for Airtable."""

from marshmallow import fields

from mockcbs.core.files import StrictSchema
from mockcbs.services.airtable.tables import DIALECT
from mockcbs.tables.stated import stated_schema


class AirtableSection(StrictSchema):
    """The part of a dataset for Airtable."""

    tables = fields.List(fields.Nested(stated_schema(DIALECT)), load_default=[])
