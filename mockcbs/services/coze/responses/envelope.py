"""The envelope of Coze's answers (contract 2.3), and the bodies of its errors."""

from typing import Any

from marshmallow import Schema, fields

from mockcbs.core.fields import Field, List
from mockcbs.services.coze.responses.fields import Part, Whole, text


class Detail(Part):
    """What support asks for."""

    logid = text()


class Done(Part):
    """A success without data."""

    code = Whole(required=True, metadata={"description": "0."})
    msg = text()
    detail = fields.Nested(Detail, required=True)


class Failure(Part):
    """An error; its HTTP status may be 200 too."""

    code = Whole(required=True, metadata={"description": "Not 0."})
    msg = text()
    detail = fields.Nested(Detail, required=True)


class OAuthFailure(Part):
    """An error of the OAuth endpoints."""

    error_code = text()
    error_message = text()
    error = text()
    error_description = text()


_ANSWERS = f"{__package__}.answers"
"""The module under which answers are found by their names."""


def enveloped(name: str, data: type[Schema] | Field[Any], **members: Field[Any]) -> type[Schema]:
    """The schema *name* of a success with this data, and with *members* beside it."""
    field = data if isinstance(data, fields.Field) else fields.Nested(data, required=True)
    meaning = "A success." if isinstance(data, fields.Field) else data.__doc__
    return type(name, (Done,), {"data": field, **members, "__doc__": meaning, "__module__": _ANSWERS})


def many(schema: type[Schema]) -> List[Any]:
    """A list of these."""
    return fields.List(fields.Nested(schema), required=True)
