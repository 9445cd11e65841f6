"""The properties that all services behind the gateway share."""

import re
from collections.abc import Mapping
from typing import Any

from mockcbs.core.errors import ErrorSpec
from mockcbs.core.on_demand import OnDemand
from mockcbs.core.secret_names import Secrets
from mockcbs.faults.scenario import Failure, Throttle
from mockcbs.samples.request import Request
from mockcbs.services.base import FailureAnswer, bearer
from mockcbs.services.gateway import errors
from mockcbs.services.gateway.projects import DEFAULT_PROJECT
from mockcbs.services.gateway.tokens import usable
from mockcbs.settings import Settings
from mockcbs.state import State
from mockcbs.web.proofs import Signature

FAILURES: dict[Failure, FailureAnswer] = {
    "unavailable": FailureAnswer(errors.UNAVAILABLE),
    "throttled": FailureAnswer(
        errors.THROTTLED,
        "The throttling threshold has been reached: policy user over ratelimit,limit:{limit},time:{window}",
    ),
    "token-expired": FailureAnswer(
        errors.AUTHENTICATION_FAILED, f"{errors.AUTHENTICATION}: token expires, expires_at: {{now}}"
    ),
}
"""The responses to all failures except ``server-error``, which differs between services."""


def token(environ: Mapping[str, str]) -> str:
    """The token of the caller, or else the access key of the signature; empty without both."""
    if sent := environ.get("HTTP_X_AUTH_TOKEN", "").strip():
        return sent
    access_key = re.search(r"Access=([^,\s]+)", environ.get("HTTP_AUTHORIZATION", ""))
    return access_key[1] if access_key else bearer(environ)


def authorize(mock: State, request: Request) -> Request:
    """*request* with a valid token."""
    return request.with_headers(X_Auth_Token=usable(mock.settings, mock.clock.now()))


def _prefixed(row: ErrorSpec, settings: Settings) -> ErrorSpec:
    return row.prefixed(settings.gateway_prefix) if isinstance(row, errors.GatewayError) else row


BEHIND_GATEWAY: dict[str, Any] = {
    "unknown_path": errors.API_NOT_PUBLISHED,
    "unknown_method": errors.METHOD_NOT_FOUND,
    "wire_problems": {
        "malformed request": errors.MALFORMED,
        "body too large": errors.BODY_TOO_LARGE,
        "URI too large": errors.URI_TOO_LARGE,
        "headers too large": errors.HEADERS_TOO_LARGE,
    },
    "shared_catalogues": {"gateway": errors.CATALOGUE},
    "adjust": _prefixed,
    "rate_limit": Throttle(calls=100, seconds=1.0),
    "max_body": 12 * 2**20,
    "signature": Signature("SDK-HMAC-SHA256", frozenset({"authorization", "x-sdk-date"})),
    "guard": OnDemand("mockcbs.services.gateway.hooks", "Gateway"),
    "token": token,
    "secrets": Secrets(
        headers=("X-Auth-Token", "X-Subject-Token", "X-Security-Token"), members=("securitytoken",)
    ),
    "default_scope": lambda _: DEFAULT_PROJECT,
}
