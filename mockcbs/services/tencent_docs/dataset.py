"""The part of a dataset for Tencent Docs and WeCom."""

from marshmallow import fields

from mockcbs.core.files import StrictSchema
from mockcbs.services.tencent_docs.sheets import DIALECT
from mockcbs.tables.stated import stated_schema


class TencentSection(StrictSchema):
    """The part of a dataset for Tencent Docs and WeCom."""

    tables = fields.List(fields.Nested(stated_schema(DIALECT)), load_default=[])
