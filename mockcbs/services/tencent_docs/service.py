"""The properties of Tencent Docs and WeCom as a service."""

import re
from urllib.parse import urlencode

from mockcbs.core.clock import real_now
from mockcbs.core.errors import ErrorSpec
from mockcbs.core.masking import digest
from mockcbs.core.on_demand import OnDemand
from mockcbs.faults.scenario import Throttle
from mockcbs.samples.request import Request
from mockcbs.services.base import Example, FailureAnswer, Service
from mockcbs.services.tencent_docs import errors
from mockcbs.services.tencent_docs.tokens import (
    LIFETIMES,
    Purpose,
    Token,
    TokenMint,
    client_grant,
    grant_of,
    token_in,
)
from mockcbs.state import State

_PACKAGE = "mockcbs.services.tencent_docs"
_TOKENS = ("authorize", "get_token", "get_app_token", "get_user", "get_wecom_token")


def _fails(row: ErrorSpec, wecom: ErrorSpec) -> FailureAnswer:
    """The response to a failure: *row* for Tencent Docs, and the row of WeCom for WeCom."""
    calls = ("get_wecom_token", "add_wecom_records")
    return FailureAnswer(row, by_endpoint={f"tencent_docs.{call}": wecom for call in calls})


def _example(mock: State) -> Example:
    ours = mock.settings
    query = f"client_id={ours.tencent_client_id}&client_secret={ours.tencent_client_secret}"
    return Example(f"/oauth/v2/app-account-token?{query}")


def _authorize(mock: State, request: Request) -> Request:
    """*request* with a token of the configured client, unless it is a request for a token."""
    if request.operation.partition(".")[2] in _TOKENS:
        return request
    wecom, now = request.path.startswith("/cgi-bin/"), max(mock.clock.now(), real_now()) // 1000
    purpose: Purpose = "wecom" if wecom else "access"
    token = Token(purpose, mock.settings.tencent_client_id, now + LIFETIMES[purpose], "explorer")
    text = TokenMint(mock.settings.secret).issue(token)
    if wecom:
        return request.with_query(urlencode({"access_token": text}))
    return request.with_headers(Access_Token=text, Client_Id=token.client_id, Open_Id=token.open_id)


SERVICE = Service(
    name="tencent_docs",
    title="Tencent Docs",
    views=f"{_PACKAGE}.views",
    hosts=("docs.qq.com", "qyapi.weixin.qq.com"),
    paths=re.compile(r"/openapi/(smartbook|spreadsheet|drive|doc)/|/oauth/v2/|/cgi-bin/"),
    unknown_path=errors.UNKNOWN_PATH,
    unknown_method=errors.UNKNOWN_PATH,
    wire_problems={
        "malformed request": errors.PARAMETER,
        "body too large": errors.TOO_LARGE,
        "URI too large": errors.PARAMETER,
        "headers too large": errors.PARAMETER,
    },
    failures={
        "server-error": _fails(errors.INTERNAL, errors.WECOM_BUSY),
        "unavailable": _fails(errors.UNAVAILABLE, errors.WECOM_BUSY),
        "throttled": _fails(errors.THROTTLED, errors.WECOM_THROTTLED),
        "token-expired": _fails(errors.UNAUTHENTICATED, errors.WECOM_EXPIRED),
    },
    catalogue=errors.CATALOGUE,
    shared_catalogues={"wecom": errors.WECOM},
    other_catalogues={"tencent_docs oauth": errors.OAUTH},
    rate_limit=Throttle(calls=10, seconds=1.0),
    guard=OnDemand(f"{_PACKAGE}.guard", "DocsGuard"),
    open_endpoints=frozenset(f"tencent_docs.{name}" for name in _TOKENS),
    token=token_in,
    grant=grant_of,
    dataset=OnDemand(f"{_PACKAGE}.sheets", "TencentSection"),
    tables=f"{_PACKAGE}.sheets",
    rows=f"{_PACKAGE}.reporting",
    default_scope=lambda settings: digest(client_grant(settings.tencent_client_id)),
    credentials=lambda settings: [
        f"Tencent Docs client_id {settings.tencent_client_id}, client_secret {settings.tencent_client_secret}"
    ],
    example=_example,
    documentation=f"{_PACKAGE}.documentation",
    authorize=_authorize,
)
