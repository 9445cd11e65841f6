"""The error catalogue of Feishu: access, Bases, messages and custom bots (contract 4.1 to 4.5)."""

import re
from typing import Any

from mockcbs.core.errors import ApiError, ErrorSpec
from mockcbs.services.feishu.envelope import logid

_TROUBLESHOOTER = "https://open.feishu.cn/search?from=openapi&log_id="


class FeishuError(ErrorSpec):
    """A row of the table."""

    def body(self, message: str, request_id: str) -> dict[str, Any]:
        """``{"code":…,"msg":…,"error":{…}}`` (contract 4.1.1)."""
        log_id = logid(request_id)
        details = {"message": message, "log_id": log_id, "troubleshooter": f"{_TROUBLESHOOTER}{log_id}"}
        return {"code": int(self.code), "msg": message, "error": details}


class PlainError(FeishuError):
    """A row of an older endpoint, with an empty ``data`` and without details."""

    def body(self, message: str, request_id: str) -> dict[str, Any]:
        """``{"code":…,"msg":…,"data":{}}``."""
        del request_id
        return {"code": int(self.code), "msg": message, "data": {}}


_ACCESS = [
    (400, 99991661, "Missing access token for authorization.", "no Authorization: Bearer TOKEN"),
    (400, 99991663, "Invalid access token for authorization.", "tenant token unknown or expired"),
    (
        400,
        99991664,
        "Invalid access token for authorization.",
        "an app access token, which calls do not accept",
    ),
    (400, 99991668, "Invalid access token for authorization.", "user token unknown"),
    (
        400,
        99991671,
        "Invalid access token for authorization. The token must start with t- or u-.",
        "malformed",
    ),
    (
        400,
        99991672,
        "Access denied. One of the following scopes is required: [bitable:app, base:record:create].",
        "the app lacks a scope",
    ),
    (401, 99991677, "Authentication token expired.", "user token expired"),
    (400, 99991679, "Unauthorized. The access token lacks the required user scope.", "user lacks a scope"),
    (429, 99991400, "request trigger frequency limit", "too many calls"),
    (404, 404, "404 page not found", "unknown path or wrong method"),
]
_BASES = [
    (200, 1254000, "WrongRequestJson", "the body is not a JSON object, or a member has a wrong type"),
    (200, 1254001, "WrongRequestBody", "the body lacks a required part, or a parameter is wrong"),
    (200, 1254002, "Fail", "unspecific"),
    (200, 1254003, "WrongBaseToken", "app_token malformed"),
    (200, 1254004, "WrongTableId", "table_id malformed"),
    (200, 1254005, "WrongViewId", "view_id malformed"),
    (200, 1254006, "WrongRecordId", "record_id malformed"),
    (200, 1254007, "EmptyValue", "a name is empty"),
    (200, 1254008, "EmptyView", "the last view cannot be deleted"),
    (200, 1254009, "WrongFieldId", "field_id malformed"),
    (200, 1254010, "ReqConvError", "the request cannot be converted"),
    (200, 1254012, "NotSupportFieldOrView", "unknown type of a field or view"),
    (200, 1254013, "TableNameDuplicated", "two tables with the same name"),
    (200, 1254014, "FieldNameDuplicated", "two fields with the same name"),
    (200, 1254015, "FieldTypeValueNotMatch", "the value does not fit the type, or the field is computed"),
    (200, 1254016, "InvalidSort", "sort cannot be read"),
    (200, 1254018, "InvalidFilter", "filter cannot be read, or its operator does not fit the field"),
    (200, 1254030, "TooLargeResponse", "the page is too large: lower page_size"),
    (400, 1254036, "Base is copying, please try again later", "the Base is being copied"),
    (200, 1254040, "BaseTokenNotFound", "unknown app_token"),
    (200, 1254041, "TableIdNotFound", "unknown table_id"),
    (200, 1254042, "ViewIdNotFound", "unknown view_id"),
    (200, 1254043, "RecordIdNotFound", "unknown record_id"),
    (200, 1254044, "FieldIdNotFound", "unknown field_id"),
    (200, 1254045, "FieldNameNotFound", "unknown name of a field in fields, sort, filter or field_names"),
    (200, 1254060, "TextFieldConvFail", "not a string for a text field"),
    (200, 1254061, "NumberFieldConvFail", "not a number for a number field"),
    (200, 1254062, "SingleSelectFieldConvFail", "not a string for a single select"),
    (200, 1254063, "MultiSelectFieldConvFail", "not a list of strings for a multi select"),
    (200, 1254064, "DatetimeFieldConvFail", "not an integer (ms) for a date field"),
    (200, 1254065, "CheckboxFieldConvFail", "not a boolean for a checkbox"),
    (200, 1254066, "UserFieldConvFail", "not a list of people with an id"),
    (200, 1254067, "LinkFieldConvFail", "not a list of record ids for a link to records"),
    (200, 1254068, "URLFieldConvFail", "not an object with link and text for a link"),
    (200, 1254069, "AttachFieldConvFail", "not a list of objects with a file_token for an attachment"),
    (200, 1254070, "ActionValidateFailed", "the action is not possible, such as deleting the primary field"),
    (200, 1254072, "PhoneFieldConvFail", "no phone number"),
    (200, 1254100, "TableExceedLimit", "more than 100 tables"),
    (200, 1254101, "FieldExceedLimit", "more than 300 fields"),
    (200, 1254102, "ViewExceedLimit", "more than 200 views"),
    (200, 1254103, "RecordExceedLimit", "more than 20,000 records in a table"),
    (200, 1254104, "RecordAddOnceExceedLimit", "too many records in one batch"),
    (200, 1254105, "ColumnOptionExceedLimit", "more than 20,000 options of a select"),
    (200, 1254130, "TooLargeCell", "a text of more than 100,000 characters"),
    (200, 1254290, "TooManyRequest", "too many calls: retry later"),
    (200, 1254291, "Write conflict", "parallel writes on one table"),
    (200, 1254301, "OperationTypeError", "a field's type and ui_type do not fit"),
    (403, 1254302, "Permission denied.", "the app is not a collaborator of the Base"),
    (400, 1254607, "Data not ready, please try again later", "the Base is being loaded"),
    *((200, code, "Internal error", "internal") for code in range(1255001, 1255006)),
    (500, 1255040, "Request timed out, please try again later", "internal timeout"),
]
_MESSAGES = [
    (400, 230001, "Your request contains an invalid request parameter.", "a parameter of a message is wrong"),
    (400, 230002, "The bot can not be outside the group.", "the bot is not in the group"),
    (400, 230006, "Bot ability is not activated.", "the app has no bot"),
    (400, 230013, "Bot has NO availability to this user.", "user outside the app's availability"),
    (400, 230020, "This operation triggers the frequency limit.", "more than 5 messages a second to a chat"),
    (400, 230025, "The length of the message content reaches its limit.", "message too long"),
    (400, 230099, "Failed to create card content.", "the content of a card is invalid"),
]
_PLAIN = [
    (200, 10003, "invalid param", "app_id or app_secret is missing"),
    (200, 10014, "app secret invalid", "unknown app_id or wrong secret"),
    (200, 9499, "Bad Request", "a custom bot's body is wrong or over 20 KB"),
    (200, 19001, "param invalid: incoming webhook access token invalid", "unknown custom bot"),
    (
        200,
        19021,
        "sign match fail or timestamp is not within one hour from current time",
        "a custom bot's signature is wrong or old",
    ),
    (200, 19022, "Ip Not Allowed", "a custom bot does not accept the address"),
    (200, 19024, "Key Words Not Found", "the text contains no keyword of a custom bot"),
    (200, 11232, "frequency limited psm[lark.oapi.app_platform_runtime]", "a custom bot is called too often"),
]

_FAILS = re.compile(r"Fail(\d{3,8})$")

CATALOGUE: tuple[FeishuError, ...] = tuple(
    made(status, str(code), message, when, f"{where}Fail{code}")
    for made, where, rows in (
        (FeishuError, "app_token bascn", _BASES),
        (FeishuError, "access token t-", _ACCESS),
        (FeishuError, "receive_id oc_", _MESSAGES),
        (PlainError, "app_id cli_", _PLAIN[:2]),
        (PlainError, "hook token ", _PLAIN[2:]),
    )
    for status, code, message, when in rows
)
_BY_CODE = {row.code: row for row in CATALOGUE}


def row(code: int) -> FeishuError:
    """The row of that *code*."""
    return _BY_CODE[str(code)]


def failing(name: str) -> None:
    """Raise the error of an id that ends in ``Fail`` and an error code, such as ``bascnFail1254302``."""
    found = _FAILS.search(name)
    if found and (spec := _BY_CODE.get(found[1])):
        raise ApiError(spec, f"id {name} always fails with this error")


def refused(code: int, reason: str, *, detail: str = "") -> ApiError:
    """The error with that *code*; the message in the response ends with *detail*."""
    spec = row(code)
    return ApiError(spec, reason, message=f"{spec.message} {detail}" if detail else None)


MISSING_TOKEN = row(99991661)
INVALID_TOKEN = row(99991663)
APP_TOKEN = row(99991664)
INVALID_USER_TOKEN = row(99991668)
MALFORMED_TOKEN = row(99991671)
THROTTLED = row(99991400)
UNKNOWN_PATH = row(404)
BAD_JSON = row(1254000)
BAD_BODY = row(1254001)
INTERNAL = row(1255001)
TIMEOUT = row(1255040)
