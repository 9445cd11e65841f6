"""The error catalogue of CBS itself (contract 6.4)."""

from typing import Any

from mockcbs.core.errors import ErrorSpec


class CbsError(ErrorSpec):
    """A row of the CBS table."""

    def body(self, message: str, request_id: str) -> dict[str, Any]:
        """``{"error_code":…,"error_msg":…}``; the request id is in a header only (contract 6.1)."""
        del request_id
        return {"error_code": self.code, "error_msg": message}


_ROWS = [
    (401, "0000", "No permission for the open beta test.", "no open-beta permission"),
    (401, "0011", "auth failed", "the credentials belong to another project"),
    (401, "0012", "Authentication information is missing.", "authentication information missing"),
    (401, "0013", "Failed to obtain the authentication information.", "token could not be read"),
    (400, "0021", "request parameter error", "bad query parameter"),
    (400, "0022", "请求参数内容错误", "wrong content of request parameters"),
    (500, "9999", "Database error.", "database"),
    (500, "9998", "IAM error.", "IAM"),
    (500, "9997", "Lab core error.", "internal core error of the lab"),
    (400, "1114", "The service has not been enabled.", "service not enabled"),
    (400, "1124", "Failed to enable the service.", "enabling failed"),
    (500, "1134", "Failed to deliver the request.", "request could not be dispatched"),
    (500, "0031", "Internal service error.", "internal service error"),
    (500, "0032", "The Elasticsearch resource does not exist.", "Elasticsearch resource missing"),
    (400, "1214", "The data set does not exist.", "data set not found"),
    (400, "1611", "Failed to access OBS.", "OBS access failed"),
    (400, "1612", "The OBS object does not exist.", "OBS object not found"),
    (400, "1613", "Incorrect file format.", "bad file format"),
    (400, "2114", "qabot not exist", "unknown bot, or an id that is not a UUID"),
    (400, "2122", "Incorrect parameters for creating a qabot.", "bad parameters when creating a bot"),
    (400, "2125", "The number of qabots has reached the upper limit.", "too many bots"),
    (400, "2145", "Resources of the lab still exist.", "knowledge, dictionary or model not deleted"),
    (400, "2344", "request to change not exist", "unknown request id"),
    (400, "0099", "request body invalid.", "body not JSON, or a member of wrong type"),
    (400, "3254", "RESOURCE_NOT_EXIST_EXCEPTION", "bot or session does not belong here"),
]

CATALOGUE = tuple(
    CbsError(status, f"CBS.{number}", message, when, f"bot 00000000-0000-0000-0000-{number:0>12}")
    for status, number, message, when in _ROWS
)

_BY_CODE = {row.code: row for row in CATALOGUE}
AUTH_FAILED = _BY_CODE["CBS.0011"]
REQUEST_PARAMETER_ERROR = _BY_CODE["CBS.0021"]
REQUEST_CONTENT_ERROR = _BY_CODE["CBS.0022"]
REQUEST_BODY_INVALID = _BY_CODE["CBS.0099"]
QABOT_NOT_FOUND = _BY_CODE["CBS.2114"]
INTERNAL = _BY_CODE["CBS.0031"]
REQUEST_NOT_FOUND = _BY_CODE["CBS.2344"]
RESOURCE_NOT_FOUND = _BY_CODE["CBS.3254"]

FAILING_BOTS = {row.provoke.removeprefix("bot "): row for row in CATALOGUE}
"""Bot ids whose calls always fail with a row of the catalogue, for clients that can only configure an id."""
