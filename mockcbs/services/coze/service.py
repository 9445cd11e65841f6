"""The properties of Coze as a service."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from mockcbs.core import masking
from mockcbs.core.on_demand import OnDemand
from mockcbs.core.secret_names import Secrets
from mockcbs.faults.scenario import Throttle
from mockcbs.samples.request import Request
from mockcbs.services.base import Bots, Example, FailureAnswer, Service
from mockcbs.services.coze import accounts, errors, not_emulated
from mockcbs.services.coze.envelope import CREATE_CHAT, MAX_FILE, OAUTH_PATHS, SHANGHAI
from mockcbs.services.coze.tokens import public_key
from mockcbs.settings import Settings
from mockcbs.state import State
from mockcbs.traffic.ids import DECIMALS

_PACKAGE = "mockcbs.services.coze"

_FAMILIES = (
    "api_apps|apps|audio|bots?|chat|commerce|connectors|conversations?|datasets|enterprises|entities|files"
    "|folders|loop|organizations|space|stores|templates|users|variables|workflows?|workspaces"
)


_FORM = 2**20
"""The size in bytes of an upload form without its file."""

_DEFAULT_BOT = "7342866812345678901"
"""The bot in the vendor's examples."""


def _default_scope(settings: Settings) -> str:
    return masking.digest(accounts.grant_of(settings.coze_token, settings.secret) or settings.coze_token)


def _example(mock: State) -> Example:
    """The statistics of the last week; they are not zero for a bot with traffic."""
    token = {"Authorization": f"Bearer {mock.settings.coze_token}"}
    named = [bot_id for bot_id in mock.dataset.bots if DECIMALS.pattern.fullmatch(bot_id)]
    if mock.settings.strict and not named:
        return Example("/v1/users/me", token)
    bot = _DEFAULT_BOT if _DEFAULT_BOT in named or not named else named[0]
    today = datetime.fromtimestamp(mock.clock.now() // 1000, SHANGHAI).date()
    week = f"start_date={today - timedelta(days=7)}&end_date={today}"
    return Example(f"/v1/bots/{bot}/analytics?{week}", token)


def _check(settings: Settings) -> None:
    if settings.coze_public_key:
        public_key(settings.coze_public_key)


def _authorize(mock: State, request: Request) -> Request:
    """*request* with the configured token, unless it is a request for a token."""
    if OAUTH_PATHS in request.path:
        return request
    return request.with_headers(Authorization=f"Bearer {mock.settings.coze_token}")


SERVICE = Service(
    name="coze",
    title="Coze",
    views=f"{_PACKAGE}.views",
    hosts=("api.coze.cn", "api.coze.com", "www.coze.cn", "www.coze.com"),
    paths=re.compile(
        rf"/v1/({_FAMILIES})(/|$)|/v3/(chat|conversation)[a-z_]*(/|$)|/api/permission/oauth2/|/open_api/"
    ),
    retired={
        "/v1/conversation/list": "GET /v1/conversations",
        "/v1/conversation/message/clear_context": "POST /v1/conversations/<conversation_id>/clear",
        "/v3/conversation/message/clear_context": "POST /v1/conversations/<conversation_id>/clear",
    },
    unknown_path=errors.UNKNOWN_PATH,
    unknown_method=errors.UNKNOWN_METHOD,
    wire_problems={
        "malformed request": errors.PARAMETER,
        "body too large": errors.BODY_TOO_LARGE,
        "URI too large": errors.PARAMETER,
        "headers too large": errors.PARAMETER,
    },
    too_large={"/v1/files/upload": errors.FILE_TOO_LARGE},
    failures={
        "server-error": FailureAnswer(errors.INTERNAL),
        "unavailable": FailureAnswer(replace(errors.INTERNAL, status=502)),
        "throttled": FailureAnswer(errors.THROTTLED, headers={"Retry-After": "{wait}"}),
        "token-expired": FailureAnswer(
            errors.TOKEN_INVALID, by_endpoint={CREATE_CHAT: errors.CHAT_TOKEN_INVALID}
        ),
    },
    catalogue=errors.CATALOGUE,
    other_catalogues={"coze oauth": errors.OAUTH},
    rate_limit=Throttle(calls=20, seconds=1.0),
    max_body=20 * 2**20,
    max_bodies={"/v1/files/upload": MAX_FILE + _FORM},
    not_emulated=not_emulated.operation,
    cross_origin=True,
    check=_check,
    guard=OnDemand(f"{_PACKAGE}.guard", "CozeGuard"),
    grant=accounts.grant_of,
    secrets=Secrets(members=("code_verifier", "device_code", "user_code", "assertion", "client_assertion")),
    bots=Bots(
        DECIMALS,
        executions=OnDemand(f"{_PACKAGE}.usage", "executions"),
        members=("bot_id", "workflow_id"),
    ),
    events=OnDemand(f"{_PACKAGE}.usage", "events"),
    totals=OnDemand(f"{_PACKAGE}.usage", "totals"),
    made_bots=OnDemand(f"{_PACKAGE}.usage", "made_bots"),
    settle=OnDemand(f"{_PACKAGE}.settling", "settle"),
    explains=f"{_PACKAGE}.explain",
    default_scope=_default_scope,
    credentials=lambda settings: [f"Coze token {settings.coze_token}"],
    variable_settings=("coze_token",),
    variables=lambda settings, url: {"COZE_API_TOKEN": settings.coze_token, "COZE_API_BASE": url},
    example=_example,
    documentation=f"{_PACKAGE}.documentation",
    authorize=_authorize,
    samples=f"{_PACKAGE}.samples",
)
