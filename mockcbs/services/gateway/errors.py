"""The gateway's error catalogue (contract 6.2)."""

from dataclasses import replace
from typing import Any

from mockcbs.core.errors import ErrorSpec


class GatewayError(ErrorSpec):
    """A row of the gateway's table."""

    def body(self, message: str, request_id: str) -> dict[str, Any]:
        """``{"error_msg":…,"error_code":…,"request_id":…}`` (contract 6.1)."""
        return {"error_msg": message, "error_code": self.code, "request_id": request_id}

    def prefixed(self, prefix: str) -> "GatewayError":
        """The same row with the prefix ``APIG`` or ``APIGW`` (contract D-7)."""
        code = self.code.replace("APIG", prefix, 1)
        return self if code == self.code else replace(self, code=code)


AUTHENTICATION = "Incorrect IAM authentication information"

_ROWS = [
    (404, "0101", "The API does not exist or has not been published in the environment.", "unknown path"),
    (404, "0101", "The API does not exist.", "wrong method on a known path"),
    (500, "0103", "The backend does not exist.", "gateway configuration"),
    (500, "0104", "The plug-ins do not exist.", "gateway configuration"),
    (500, "0105", "The backend configurations do not exist.", "gateway configuration"),
    (400, "0106", "Orchestration error.", "parameter mapping"),
    (500, "0107", "The custom lua script encountered an unexpected error", "gateway configuration"),
    (400, "0201", "API request error.", "malformed HTTP request"),
    (413, "0201", "Request entity too large.", "body over 12 MB"),
    (414, "0201", "Request URI too large.", "URI over 32 KB"),
    (494, "0201", "Request headers too large.", "one header over 32 KB or all over 128 KB"),
    (502, "0201", "Backend unavailable.", "service down"),
    (503, "0201", "Backend unavailable.", "mockcbs cannot reach its own state, or has no space for it"),
    (504, "0201", "Backend timeout.", "service too slow"),
    (500, "0201", "An unexpected error occurred", "internal"),
    (502, "0202", "Backend unavailable", "protocol mismatch with the backend"),
    (400, "0204", "SSL protocol is not supported: TLSv1.1", "old TLS"),
    (401, "0301", f"{AUTHENTICATION}: decrypt token fail", "token or AK/SK problem"),
    (403, "0302", "The IAM user is not authorized to access the API.", "black or white list"),
    (401, "0303", "Incorrect app authentication information.", "app authentication"),
    (403, "0304", "The app is not authorized to access the API.", "app authentication"),
    (401, "0305", "Incorrect authentication information.", "other authentication"),
    (403, "0306", "API access denied.", "not authorized"),
    (401, "0307", "The token must be updated.", "token invalidated; get a new one"),
    (
        429,
        "0308",
        "The throttling threshold has been reached: policy user over ratelimit,limit:10,time:1 minute",
        "throttled",
    ),
    (403, "0310", "The project is unavailable.", "project disabled"),
    (401, "0311", "Incorrect debugging authentication information.", "debugging"),
    (403, "0401", "Unknown client IP address.", "IP list"),
    (403, "0402", "The IP address is not authorized to access the API.", "IP list"),
    (403, "0404", "Access to the backend IP address has been denied.", "IP list"),
    (405, "0501", "The app quota has been used up.", "quota"),
    (405, "0502", "The app has been frozen.", "arrears"),
    (500, "0601", "Internal server error.", "internal"),
    (400, "0602", "Bad request.", "malformed request"),
    (500, "0605", "Domain name resolution failed.", "gateway configuration"),
    (500, "0606", "Failed to load the API configurations.", "gateway configuration"),
    (400, "0607", "The following protocol is supported: {https}", "HTTP on an HTTPS-only API"),
    (500, "0608", "Failed to obtain the admin token.", "internal"),
    (500, "0609", "The VPC backend does not exist.", "gateway configuration"),
    (502, "0610", "No backend available.", "service down"),
    (500, "0611", "The backend port does not exist.", "gateway configuration"),
    (500, "0612", "An API cannot call itself.", "gateway configuration"),
    (503, "0613", "The IAM service is currently unavailable.", "IAM down"),
    (500, "0705", "Backend signature calculation failed.", "internal"),
    (403, "0802", "The IAM user is forbidden in the currently selected region", "region"),
    (400, "1009", "AppKey or AppSecret is invalid", "app authentication"),
]


def _catalogue() -> tuple[GatewayError, ...]:
    provoked: set[str] = set()
    rows = []
    for status, number, message, when in _ROWS:
        provoke = "" if number in provoked else f"project {number:0>32}"
        provoked.add(number)
        rows.append(GatewayError(status, f"APIG.{number}", message, when, provoke))
    return tuple(rows)


CATALOGUE = _catalogue()


def _row(status: int, number: str, place: int = 0) -> GatewayError:
    return [row for row in CATALOGUE if (row.status, row.code) == (status, f"APIG.{number}")][place]


API_NOT_PUBLISHED = _row(404, "0101")
METHOD_NOT_FOUND = _row(404, "0101", 1)
MALFORMED = _row(400, "0201")
BODY_TOO_LARGE = _row(413, "0201")
URI_TOO_LARGE = _row(414, "0201")
HEADERS_TOO_LARGE = _row(494, "0201")
UNAVAILABLE = _row(502, "0201")
AUTHENTICATION_FAILED = _row(401, "0301")
TOKEN_OUTDATED = _row(401, "0307")
THROTTLED = _row(429, "0308")

FAILING_PROJECTS = {row.provoke.removeprefix("project "): row for row in CATALOGUE if row.provoke}
"""Project ids whose calls always fail with a row of the catalogue, for clients that can only set an id."""
