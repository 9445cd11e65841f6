"""The error catalogue of Airtable (contract 4.6)."""

import re
from dataclasses import dataclass
from typing import Any, Literal

from mockcbs.core.errors import ApiError, ErrorSpec
from mockcbs.core.spelling import meant

Shape = Literal["object", "string", "list"]


@dataclass(frozen=True, slots=True)
class AirtableError(ErrorSpec):
    """A row of the table."""

    shape: Shape = "object"

    def body(self, message: str, request_id: str) -> dict[str, Any]:
        """``{"error":{"type","message"}}``, or one of Airtable's two other forms."""
        del request_id
        if self.shape == "string":
            return {"error": self.code}
        if self.shape == "list":
            return {"errors": [{"error": self.code, "message": message}]}
        return {"error": {"type": self.code, "message": message}}


_FAILING = re.compile(r"app0{11}([0-9]{3})")
_NO_MODEL = (
    "Invalid permissions, or the requested model was not found. Check that both your user and your token "
    "have the required permissions, and that the model names and/or ids are correct."
)
_INVALID = "Invalid request: parameter validation failed. Check your request data."


_rows: list[AirtableError] = []


def _row(
    status: int, code: str, message: str, when: str, *, id_fails: bool = False, shape: Shape = "object"
) -> AirtableError:
    """A row of the catalogue; if *id_fails*, the base id of zeros and the status always fails with it."""
    provoke = f"base app{status:0>14}" if id_fails else ""
    _rows.append(AirtableError(status, code, message, when, provoke, shape))
    return _rows[-1]


INVALID_BODY = _row(
    400,
    "INVALID_REQUEST_BODY",
    "Could not parse request body",
    "the body is not a JSON object",
    id_fails=True,
)
UNAUTHENTICATED = _row(
    401,
    "AUTHENTICATION_REQUIRED",
    "Authentication required",
    "the token is missing or not valid",
    id_fails=True,
)
FORBIDDEN = _row(
    403,
    "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND",
    _NO_MODEL,
    "unknown base or table (--strict)",
    id_fails=True,
)
NOT_FOUND = _row(
    404,
    "NOT_FOUND",
    "Not found",
    "unknown path, malformed base, or unknown record",
    id_fails=True,
    shape="string",
)
TOO_LARGE = _row(413, "REQUEST_TOO_LARGE", "Request body too large", "the body is too large", id_fails=True)
INVALID_REQUEST = _row(422, "INVALID_REQUEST_UNKNOWN", _INVALID, "a parameter is wrong", id_fails=True)
THROTTLED = _row(
    429,
    "RATE_LIMIT_REACHED",
    "Rate limit exceeded. Please try again later",
    "more than 5 calls a second to a base (--strict)",
    id_fails=True,
    shape="list",
)
INTERNAL = _row(500, "SERVER_ERROR", "Something went wrong", "internal", id_fails=True)
BAD_GATEWAY = _row(502, "BAD_GATEWAY", "Bad gateway", "Airtable restarts", id_fails=True)
UNAVAILABLE = _row(
    503,
    "SERVICE_UNAVAILABLE",
    "The service is temporarily unavailable. Please retry shortly.",
    "overloaded",
    id_fails=True,
)

MISSING_FIELDS = _row(
    422,
    "INVALID_REQUEST_MISSING_FIELDS",
    'Could not find field "fields" in the request body',
    "no fields and no records",
)
UNKNOWN_FIELD = _row(422, "UNKNOWN_FIELD_NAME", "Unknown field name", "a column that does not exist")
INVALID_VALUE = _row(
    422, "INVALID_VALUE_FOR_COLUMN", "Field cannot accept the provided value", "a value of a wrong type"
)
INVALID_OPTION = _row(
    422,
    "INVALID_MULTIPLE_CHOICE_OPTIONS",
    "Insufficient permissions to create new select option",
    "a new option of a select without typecast",
)
INVALID_ATTACHMENT = _row(
    422, "INVALID_ATTACHMENT_OBJECT", "Invalid attachment object", "an attachment without a URL"
)
INVALID_RECORD_ID = _row(
    422, "INVALID_RECORD_ID", "Value is not a valid record ID", "a link to a value that is not a record id"
)
INVALID_FORMULA = _row(
    422,
    "INVALID_FILTER_BY_FORMULA",
    "The formula for filtering records is invalid",
    "filterByFormula does not parse, or names an unknown field or function",
)
UNKNOWN_VIEW = _row(422, "VIEW_NAME_NOT_FOUND", "View not found", "a view that does not exist")
ROW_DOES_NOT_EXIST = _row(
    422, "ROW_DOES_NOT_EXIST", "Record ID does not exist", "an unknown record in a batch"
)
STALE_OFFSET = _row(
    422,
    "LIST_RECORDS_ITERATOR_NOT_AVAILABLE",
    "The offset is not known. Restart the listing from the beginning",
    "an offset that mockcbs never returned",
)
DUPLICATE_TABLE = _row(
    422, "DUPLICATE_TABLE_NAME", "A table with this name exists already", "two tables with the same name"
)
DUPLICATE_FIELD = _row(
    422,
    "DUPLICATE_OR_EMPTY_FIELD_NAME",
    "Field names must be given and differ",
    "two fields with the same name",
)
UNSUPPORTED_FIELD = _row(
    422,
    "UNSUPPORTED_FIELD_TYPE_FOR_CREATE",
    "Creating fields of this type is not supported",
    "a type of field that is not emulated",
)
INVALID_OPTIONS = _row(
    422, "INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE", "Invalid options for a field", "wrong options of a field"
)

CATALOGUE = tuple(_rows)

_BY_STATUS = {str(row.status): row for row in CATALOGUE if row.provoke}


def check_failing(base_id: str) -> None:
    """Raise the error of a base id that always fails, such as ``app00000000000429``."""
    found = _FAILING.fullmatch(base_id)
    if found and found[1] in _BY_STATUS:
        raise ApiError(_BY_STATUS[found[1]], f"base {base_id} always fails with {found[1]}")


def wrong(reason: str) -> ApiError:
    """The error for a wrong parameter."""
    return ApiError(INVALID_REQUEST, reason)


def unknown_field(name: str, known: list[str]) -> ApiError:
    """The error for an unknown column."""
    accepted = f"there is no column {name!r}; there are {', '.join(known)}{meant(name, known)}"
    return ApiError(UNKNOWN_FIELD, accepted, message=f'Unknown field name: "{name}"')
