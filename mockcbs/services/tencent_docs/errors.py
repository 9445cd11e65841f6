"""The error catalogues: ``ret`` of Tencent Docs (assumed), OAuth, ``errcode`` of WeCom (contract 4.7)."""

import re
from typing import Any

from mockcbs.core.errors import ApiError, ErrorSpec


class DocsError(ErrorSpec):
    """A row of the table of Tencent Docs."""

    def body(self, message: str, request_id: str) -> dict[str, Any]:
        """``{"ret":…,"msg":…}``."""
        del request_id
        return {"ret": int(self.code), "msg": message}


class OAuthError(ErrorSpec):
    """A row of the table of the token endpoints."""

    def body(self, message: str, request_id: str) -> dict[str, Any]:
        """``{"error":…,"error_description":…}``."""
        del request_id
        return {"error": self.code, "error_description": message}


class WeComError(ErrorSpec):
    """A row of the table of WeCom."""

    def body(self, message: str, request_id: str) -> dict[str, Any]:
        """``{"errcode":…,"errmsg":…}``."""
        del request_id
        return {"errcode": int(self.code), "errmsg": message}


def _docs(status: int, code: int, message: str, when: str) -> DocsError:
    return DocsError(status, str(code), message, when, f"file Fail{code}")


def _wecom(code: int, message: str, when: str) -> WeComError:
    return WeComError(200, str(code), message, when, f"docid Fail{code}")


PARAMETER = _docs(200, 400001, "Params Error", "a parameter, a field or a value is wrong")
UNAUTHENTICATED = _docs(
    401, 400006, "Authentication Failed", "Access-Token, Client-Id or Open-Id is missing or wrong"
)
THROTTLED = _docs(200, 400007, "Requests Over Limit", "too many calls")
FORBIDDEN = _docs(200, 400008, "No Permission", "the token may not use the file")
NOT_FOUND = _docs(200, 400009, "Not Found", "unknown file, sheet or record")
UNKNOWN_PATH = DocsError(404, "404", "Not Found", "unknown path or wrong method")
TOO_LARGE = DocsError(413, "413", "Request Entity Too Large", "the body is too large")
INTERNAL = _docs(500, 500001, "Internal Error", "internal")
UNAVAILABLE = _docs(503, 500003, "Service Unavailable", "overloaded")

INVALID_REQUEST = OAuthError(
    400, "invalid_request", "a parameter is missing or wrong", "a parameter of OAuth is wrong"
)
INVALID_CLIENT = OAuthError(
    401, "invalid_client", "client_id or client_secret is wrong", "unknown client or wrong secret"
)
INVALID_GRANT = OAuthError(
    401,
    "invalid_grant",
    "the code or the refresh token is not valid",
    "the code was used before, has expired or is unknown",
)

WECOM_BUSY = _wecom(-1, "system error", "internal; retry")
WECOM_SECRET = _wecom(40001, "invalid credential", "wrong corpsecret")
WECOM_CORP = _wecom(40013, "invalid corpid", "wrong corpid")
WECOM_TOKEN = _wecom(40014, "invalid access_token", "unknown access_token")
WECOM_PARAMETER = _wecom(40058, "invalid request parameter", "a parameter, a field or a value is wrong")
WECOM_NO_TOKEN = _wecom(41001, "access_token missing", "no access_token in the query")
WECOM_EXPIRED = _wecom(42001, "access_token expired", "access_token older than 7200 s")
WECOM_THROTTLED = _wecom(45009, "api freq out of limit", "too many calls")
WECOM_NO_DOC = _wecom(301085, "document or sheet not found", "unknown docid or sheet_id")

CATALOGUE: tuple[ErrorSpec, ...] = (
    PARAMETER,
    UNAUTHENTICATED,
    THROTTLED,
    FORBIDDEN,
    NOT_FOUND,
    UNKNOWN_PATH,
    TOO_LARGE,
    INTERNAL,
    UNAVAILABLE,
)
OAUTH: tuple[ErrorSpec, ...] = (INVALID_REQUEST, INVALID_CLIENT, INVALID_GRANT)
WECOM: tuple[ErrorSpec, ...] = (
    WECOM_BUSY,
    WECOM_SECRET,
    WECOM_CORP,
    WECOM_TOKEN,
    WECOM_PARAMETER,
    WECOM_NO_TOKEN,
    WECOM_EXPIRED,
    WECOM_THROTTLED,
    WECOM_NO_DOC,
)

_FAILING = re.compile(r".*Fail(-?[0-9]+)")


def check_failing(file_id: str, rows: tuple[ErrorSpec, ...]) -> None:
    """Raise the error of an id that ends in ``Fail`` and a code, such as ``DFail400007``; it always fails."""
    if (found := _FAILING.fullmatch(file_id)) and (
        row := next((row for row in rows if row.code == found[1]), None)
    ):
        raise ApiError(row, f"id {file_id} always fails with {row.code}")


def wrong(reason: str) -> ApiError:
    """The error of Tencent Docs for a wrong parameter."""
    return ApiError(PARAMETER, reason, message=f"{PARAMETER.message}: {reason}")
