"""The envelope of responses (contract 2.3), and the bodies of errors."""

from typing import Any

from marshmallow import Schema, fields

from mockcbs.core.fields import Field, List
from mockcbs.services.coze.responses.fields import Part, Whole, text


class Detail(Part):
    """The log id, for support requests."""

    logid = text()


class Done(Part):
    """A successful response without data."""

    code = Whole(required=True, metadata={"description": "0."})
    msg = text()
    detail = fields.Nested(Detail, required=True)


class Failure(Part):
    """An error; its HTTP status can be 200."""

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
"""The module with the responses, found by name."""


def enveloped(name: str, data: type[Schema] | Field[Any], **members: Field[Any]) -> type[Schema]:
    """The schema *name* of a successful response with this data, and with *members* beside the data."""
    field = data if isinstance(data, fields.Field) else fields.Nested(data, required=True)
    meaning = "A success." if isinstance(data, fields.Field) else data.__doc__
    return type(name, (Done,), {"data": field, **members, "__doc__": meaning, "__module__": _ANSWERS})


def many(schema: type[Schema]) -> List[Any]:
    """A list of this schema."""
    return fields.List(fields.Nested(schema), required=True)
