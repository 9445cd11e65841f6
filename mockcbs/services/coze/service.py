"""The properties of Coze as a service."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from mockcbs.core import masking
from mockcbs.core.masking import Secrets
from mockcbs.faults.scenario import Throttle
from mockcbs.samples.request import Request
from mockcbs.services.base import Bots, Example, FailureAnswer, MadeBot, Service
from mockcbs.services.coze import accounts, analytics, errors, files, not_emulated, usage
from mockcbs.services.coze.envelope import OAUTH_PATHS
from mockcbs.services.coze.guard import CREATE_CHAT, CozeGuard
from mockcbs.services.coze.settling import settle
from mockcbs.services.coze.views import blp
from mockcbs.settings import Settings
from mockcbs.state import State
from mockcbs.traffic.ids import DECIMALS

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
    today = datetime.fromtimestamp((mock.clock.now() + analytics.OFFSET) // 1000, UTC).date()
    week = f"start_date={today - timedelta(days=7)}&end_date={today}"
    return Example(f"/v1/bots/{bot}/analytics?{week}", token)


def _authorize(mock: State, request: Request) -> Request:
    """*request* with the configured token, unless it is a request for a token."""
    if OAUTH_PATHS in request.path:
        return request
    return request.with_headers(Authorization=f"Bearer {mock.settings.coze_token}")


def _made_bots(mock: State, scope: str) -> list[MadeBot]:
    found = mock.documents.select(usage.AGENTS, scope)
    return [MadeBot(one["id"], one["name"], one["kind"]) for one in found if one["owned"]]


SERVICE = Service(
    name="coze",
    title="Coze",
    blueprint=blp,
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
    max_bodies={"/v1/files/upload": files.MAX_FILE + _FORM},
    not_emulated=not_emulated.operation,
    cross_origin=True,
    guard=CozeGuard,
    grant=accounts.grant_of,
    secrets=Secrets(members=("code_verifier", "device_code", "user_code", "assertion", "client_assertion")),
    bots=Bots(DECIMALS, execution=usage.execution),
    events=usage.events,
    totals=usage.totals,
    made_bots=_made_bots,
    settle=settle,
    explains="mockcbs.services.coze.explain",
    default_scope=_default_scope,
    credentials=lambda settings: [f"Coze token {settings.coze_token}"],
    variables=lambda settings, url: {"COZE_API_TOKEN": settings.coze_token, "COZE_API_BASE": url},
    example=_example,
    documentation="mockcbs.services.coze.documentation",
    authorize=_authorize,
    samples="mockcbs.services.coze.samples",
)
