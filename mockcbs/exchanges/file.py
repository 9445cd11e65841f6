"""Files of exchanges, written by ``mockcbs record``; `docs/record.md` describes the format."""

import base64
import binascii
import json
from itertools import islice
from pathlib import Path
from typing import Any

from marshmallow import EXCLUDE, ValidationError, fields, post_load, validate

from mockcbs.core import files
from mockcbs.core.bounds import Entries, Items
from mockcbs.core.errors import UserError
from mockcbs.core.files import StrictSchema, dotted, flat

_LARGEST_FILE = 256 * 2**20
_MOST_PROBLEMS = 3
FRAMING = frozenset(
    "connection content-length keep-alive proxy-authenticate proxy-authorization te trailer trailers "
    "transfer-encoding upgrade".split()
)
"""Headers about the connection and the length of a message; whoever sends a message makes its own."""
_HEADER_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z"
_HEADER_VALUE = r"[\t\x20-\x7e\x80-\xff]*\Z"


def _told(expected: str) -> dict[str, Any]:
    """The messages of a field whose value is missing or has a wrong type."""
    return {"required": f"is missing; expected {expected}"} | dict.fromkeys(
        ("invalid", "type", "null"), f"expected {expected}"
    )


class _Lenient(StrictSchema):
    """A schema that ignores unknown keys, such as remarks."""

    class Meta:
        unknown = EXCLUDE


class MessageSchema(_Lenient):
    """The members that a request and a response share."""

    headers = Entries(
        keys=fields.String(validate=validate.Regexp(_HEADER_NAME, error="expected a header's name")),
        values=fields.String(
            validate=validate.Regexp(
                _HEADER_VALUE, error="expected a text of characters up to U+00FF, on one line"
            ),
            error_messages=_told("a text"),
        ),
        error_messages=_told("headers by their names"),
    )
    body = fields.String(error_messages=_told("the body as a text"))
    encoding = fields.String(validate=validate.Equal("base64", error="expected base64, or nothing"))

    @post_load
    def _decode(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Decode the body to bytes."""
        body = data.get("body", "")
        try:
            encoded = data.pop("encoding", None)
            data["body"] = base64.b64decode(body, validate=True) if encoded else body.encode()
        except (binascii.Error, UnicodeEncodeError, ValueError) as error:
            raise ValidationError({"body": [f"cannot be decoded: {error}"]}) from error
        return data


class RequestSchema(MessageSchema):
    """A request."""

    method = fields.String(required=True, error_messages=_told("a method such as GET"))
    path = fields.String(required=True, error_messages=_told("the path and query of the request"))


class ResponseSchema(MessageSchema):
    """A response."""

    status = fields.Integer(
        strict=True,
        required=True,
        validate=validate.Range(200, 599, error="expected a status such as 200"),
        error_messages=_told("a status such as 200"),
    )


class ExchangeSchema(_Lenient):
    """A request with its response."""

    request = fields.Nested(RequestSchema, required=True, error_messages=_told("method, path, headers, body"))
    response = fields.Nested(ResponseSchema, required=True, error_messages=_told("status, headers, body"))
    stand_ins = Items(fields.String(error_messages=_told("a text")), error_messages=_told("a list of texts"))


class ExchangeFileSchema(_Lenient):
    """A file of exchanges."""

    exchanges = Items(
        fields.Nested(ExchangeSchema),
        required=True,
        error_messages=_told("a list, each a request and its response"),
    )


def load(path: Path) -> list[dict[str, Any]]:
    """The exchanges of a file, with bodies as bytes; raises `UserError` with file, key and expected value."""
    text = files.read_text(path, largest=_LARGEST_FILE)
    try:
        exchanges: list[dict[str, Any]] = ExchangeFileSchema().load(json.loads(text))["exchanges"]
    except ValidationError as error:
        problems = (f"{dotted(keys)}{message}" for keys, message in flat(error.messages))
        told = "; ".join(islice(problems, _MOST_PROBLEMS))
        raise UserError(f"{path}: not a file of exchanges of `mockcbs record`: {told}") from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path}: not a file of exchanges, because it is not JSON: {error}") from error
    return exchanges
