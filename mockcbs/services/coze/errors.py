"""The error catalogues of Coze: the OpenAPI's (contract 2.4) and OAuth's (contract 2.2.2)."""

import re
from typing import Any

from mockcbs.core.errors import ApiError, ErrorSpec
from mockcbs.services.coze.envelope import logid


class CozeError(ErrorSpec):
    """A row of the table of the OpenAPI."""

    def body(self, message: str, request_id: str) -> dict[str, Any]:
        """``{"code":…,"msg":…,"detail":{"logid":…}}`` (contract 2.3.2)."""
        return {"code": int(self.code), "msg": message, "detail": {"logid": logid(request_id)}}


class OAuthError(ErrorSpec):
    """A row of the table of the token endpoints."""

    def body(self, message: str, request_id: str) -> dict[str, Any]:
        """The error in every spelling that an official client reads (contract D-26)."""
        del request_id
        return {
            "error_code": self.code,
            "error_message": message,
            "error": self.code,
            "error_description": message,
        }


_NO_RIGHT = "The token you entered is incorrect. Please check and try again, or contact the bot's owner."

_ROWS = [
    (400, 4000, "Request parameter error", "a parameter is wrong or missing"),
    (200, 4001, "The chat does not exist or is not accessible.", "chat not found"),
    (200, 4002, "The conversation does not exist or is not accessible.", "conversation not found"),
    (200, 4003, "The meta_data parameter exceeds its limits.", "meta_data over its limits"),
    (
        200,
        4004,
        "The additional_messages parameter exceeds its limits.",
        "additional_messages over its limits",
    ),
    (200, 4005, "The message does not exist or its content is invalid.", "message not found or not allowed"),
    (200, 4006, "The bot does not exist or is not accessible.", "bot not found"),
    (200, 4007, "auto_save_history must be true when stream is false.", "stream=false without history"),
    (429, 4008, "Your uses of the bot for today are exhausted.", "per-user throttling"),
    (429, 4009, "The system has reached its request ceiling, please retry later.", "system overloaded"),
    (200, 4010, "The prompt exceeds the token limit of the model.", "prompt too long"),
    (200, 4011, "The Coze token balance is insufficient.", "balance"),
    (200, 4012, "The model is no longer valid.", "model gone"),
    (429, 4013, "request rate limit exceeded", "throttled"),
    (200, 4014, "The bot cannot answer this question.", "no answer"),
    (
        200,
        4015,
        "The bot_id has not been published to the channel Agent As API. Please publish it and try again.",
        "bot not published to the API channel",
    ),
    (200, 4016, "A chat is already running in this conversation.", "another chat runs"),
    (200, 4019, "The Volcengine pay-as-you-go balance is insufficient.", "balance"),
    (429, 4020, "The Volcengine RPM peak is exceeded.", "throttled"),
    (200, 4021, "The workflow is not configured.", "workflow not configured"),
    (200, 4022, "The model account is in arrears.", "arrears"),
    (
        200,
        4028,
        "The free quota of the account is used up. Please upgrade to a paid plan.",
        "free quota used up",
    ),
    (401, 4100, "authentication is invalid", "no Authorization header, or not of the form Bearer x"),
    (403, 4101, "the token has no permission on this resource", "somebody else's resource"),
    (200, 4101, _NO_RIGHT, "POST /v3/chat with a token that is unknown or expired"),
    (403, 4102, "The request was stopped by risk control.", "risk control"),
    (200, 4104, "The chat cannot be canceled in its present status.", "chat completed, failed or waiting"),
    (400, 4105, "The content is sensitive and cannot be published.", "publish refused"),
    (404, 4200, "Requested resource does not exist", "resource not found, workflow never published"),
    (400, 4201, "The member already exists.", "member exists"),
    (200, 4300, "The uploaded file is empty.", "empty upload"),
    (200, 4301, "Only one file can be uploaded at a time.", "several files in an upload"),
    (200, 4302, "The file is too large.", "file too large"),
    (200, 4303, "The file type is not supported.", "file type"),
    (200, 4304, "The file is invalid.", "file broken or unknown"),
    (200, 4314, "The execution record does not exist.", "unknown execution"),
    (200, 4315, "The execution has already ended.", "resuming a run that has ended"),
    (500, 5000, "internal error", "internal"),
    (400, 6003, "is_async is available on paid plans only.", "asynchronous run on a free plan"),
    (401, 700012006, "access token invalid", "token unknown, expired or revoked"),
    (200, 720702222, "The workflow failed to execute.", "workflow engine"),
]


def _catalogue() -> tuple[CozeError, ...]:
    """The rows by code; of rows with the same code, an id provokes the first."""
    provoked: set[int] = set()
    rows = [
        (404, 4000, "Request parameter error", "unknown path"),
        (405, 4000, "method not allowed", "wrong method on a known path"),
        (413, 4000, "Request parameter error", "body too large"),
        *_ROWS,
    ]
    rows.sort(key=lambda row: (row[1], row not in _ROWS))
    made = []
    for status, code, message, when in rows:
        provoke = "" if code in provoked else f"bot {code:0>16}"
        provoked.add(code)
        made.append(CozeError(status, str(code), message, when, provoke))
    return tuple(made)


CATALOGUE = _catalogue()


def _row(code: int, status: int | None = None) -> CozeError:
    return next(row for row in CATALOGUE if row.code == str(code) and status in {None, row.status})


PARAMETER = _row(4000)
_MISSING_DAY = re.compile("; there is no day [0-9-]+")
UNKNOWN_PATH = _row(4000, 404)
UNKNOWN_METHOD = _row(4000, 405)
BODY_TOO_LARGE = _row(4000, 413)
CHAT_NOT_FOUND = _row(4001)
CONVERSATION_NOT_FOUND = _row(4002)
META_DATA_LIMITS = _row(4003)
MESSAGES_LIMITS = _row(4004)
MESSAGE_INVALID = _row(4005)
BOT_NOT_FOUND = _row(4006)
HISTORY_NEEDED = _row(4007)
NOT_PUBLISHED = _row(4015)
CHAT_RUNNING = _row(4016)
UNAUTHENTICATED = _row(4100)
FORBIDDEN = _row(4101, 403)
CHAT_TOKEN_INVALID = _row(4101, 200)
NOT_CANCELABLE = _row(4104)
RESOURCE_NOT_FOUND = _row(4200)
MEMBER_EXISTS = _row(4201)
FILE_EMPTY = _row(4300)
FILES_SEVERAL = _row(4301)
FILE_TOO_LARGE = _row(4302)
FILE_TYPE = _row(4303)
FILE_INVALID = _row(4304)
EXECUTION_NOT_FOUND = _row(4314)
EXECUTION_ENDED = _row(4315)
INTERNAL = _row(5000)
THROTTLED = _row(4013)
TOKEN_INVALID = _row(700012006)
WORKFLOW_FAILED = _row(720702222)

_FAILING = {row.code: row for row in CATALOGUE if row.provoke}


def failing(agent_id: str) -> CozeError | None:
    """The row of an id that always fails, zeros and an error code: ``0000000000004013``."""
    if not (16 <= len(agent_id) <= 20 and agent_id.startswith("0000000")):
        return None
    return _FAILING.get(agent_id.lstrip("0"))


def row(code: str | None, default: CozeError) -> CozeError:
    """The row with that *code*, or *default*."""
    return _FAILING.get(code or "", default)


def parameter(said: str, detail: str = "") -> ApiError:
    """The error for a wrong parameter (4000); only the reason contains *said* and the missing day."""
    return ApiError(PARAMETER, said + detail, message=f"{PARAMETER.message}: {_MISSING_DAY.sub('', said)}")


OAUTH = tuple(
    OAuthError(status, code, message, when)
    for status, code, message, when in [
        (400, "invalid_request", "invalid request: {parameter}", "a parameter is missing or wrong"),
        (401, "invalid_client", "invalid client", "wrong client secret or JWT"),
        (400, "unsupported_grant_type", "not supported grant type: {type}", "unknown grant type"),
        (400, "access_deny", "login session invalid", "code or refresh token unknown, used or expired"),
        (500, "internal_error", "Service internal error.", "internal"),
        (400, "authorization_pending", "authorization pending", "device code not yet consented to"),
        (400, "slow_down", "slow down", "device code polled faster than its interval"),
        (400, "access_denied", "access denied", "consent refused"),
        (400, "expired_token", "expired token", "device code expired"),
    ]
)
_OAUTH = {row.code: row for row in OAUTH}
INVALID_REQUEST = _OAUTH["invalid_request"]
INVALID_CLIENT = _OAUTH["invalid_client"]
UNSUPPORTED_GRANT_TYPE = _OAUTH["unsupported_grant_type"]
ACCESS_DENY = _OAUTH["access_deny"]
AUTHORIZATION_PENDING = _OAUTH["authorization_pending"]
SLOW_DOWN = _OAUTH["slow_down"]
ACCESS_DENIED = _OAUTH["access_denied"]
EXPIRED_TOKEN = _OAUTH["expired_token"]
