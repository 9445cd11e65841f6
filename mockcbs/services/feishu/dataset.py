"""What a dataset may say of Feishu."""

from marshmallow import fields

from mockcbs.core.files import StrictSchema
from mockcbs.services.feishu.dialect import DIALECT
from mockcbs.tables.stated import stated_schema


class FeishuSection(StrictSchema):
    """Tables with their rows."""

    tables = fields.List(fields.Nested(stated_schema(DIALECT)), load_default=[])
