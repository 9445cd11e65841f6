"""Reading files of exchanges, as ``mockcbs record`` writes them; `docs/record.md` describes the format."""

import base64
import binascii
import json
from itertools import islice
from pathlib import Path
from typing import Any

from marshmallow import EXCLUDE, ValidationError, fields, post_load, validate

from mockcbs.core import files
from mockcbs.core.errors import UserError
from mockcbs.core.files import StrictSchema, dotted, flat

_LARGEST_FILE = 256 * 2**20
_MOST_PROBLEMS = 3
_HEADER_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z"
_HEADER_VALUE = r"[^\x00\r\n]*\Z"


def _told(expected: str) -> dict[str, Any]:
    """What a field says when it is not there, or is something else."""
    return {"required": f"is missing; expected {expected}"} | dict.fromkeys(
        ("invalid", "type", "null"), f"expected {expected}"
    )


class _Lenient(StrictSchema):
    """Has room for remarks: keys that replay does not read."""

    class Meta:
        unknown = EXCLUDE


class MessageSchema(_Lenient):
    """What a request and an answer have in common."""

    headers = fields.Dict(
        keys=fields.String(validate=validate.Regexp(_HEADER_NAME, error="expected a header's name")),
        values=fields.String(
            validate=validate.Regexp(_HEADER_VALUE, error="expected a text without line breaks"),
            error_messages=_told("a text"),
        ),
        error_messages=_told("headers by their names"),
    )
    body = fields.String(error_messages=_told("the body as a text"))
    encoding = fields.String(validate=validate.Equal("base64", error="expected base64, or nothing"))

    @post_load
    def _decode(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Make the body bytes."""
        body = data.get("body", "")
        try:
            encoded = data.pop("encoding", None)
            data["body"] = base64.b64decode(body, validate=True) if encoded else body.encode()
        except (binascii.Error, UnicodeEncodeError, ValueError) as error:
            raise ValidationError({"body": [f"cannot be decoded: {error}"]}) from error
        return data


class RequestSchema(MessageSchema):
    """What was asked."""

    method = fields.String(required=True, error_messages=_told("a method such as GET"))
    path = fields.String(required=True, error_messages=_told("the path and query that were asked"))


class ResponseSchema(MessageSchema):
    """What was answered."""

    status = fields.Integer(
        strict=True,
        required=True,
        validate=validate.Range(100, 599, error="expected a status such as 200"),
        error_messages=_told("a status such as 200"),
    )


class ExchangeSchema(_Lenient):
    """One request and its answer."""

    request = fields.Nested(RequestSchema, required=True, error_messages=_told("method, path, headers, body"))
    response = fields.Nested(ResponseSchema, required=True, error_messages=_told("status, headers, body"))
    stand_ins = fields.List(
        fields.String(error_messages=_told("a text")), error_messages=_told("a list of texts")
    )


class ExchangeFileSchema(_Lenient):
    """A whole file."""

    exchanges = fields.List(
        fields.Nested(ExchangeSchema),
        required=True,
        error_messages=_told("a list, each a request and its response"),
    )


def load(path: Path) -> list[dict[str, Any]]:
    """The exchanges of a file, bodies as bytes; raises `UserError` naming file, key and what is expected."""
    text = files.read_text(path, largest=_LARGEST_FILE)
    try:
        exchanges: list[dict[str, Any]] = ExchangeFileSchema().load(json.loads(text))["exchanges"]
    except ValidationError as error:
        problems = (f"{dotted(keys)}{message}" for keys, message in flat(error.messages))
        told = "; ".join(islice(problems, _MOST_PROBLEMS))
        raise UserError(f"{path}: no file of exchanges as `mockcbs record` writes it: {told}") from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path}: no file of exchanges, no JSON: {error}") from error
    return exchanges
