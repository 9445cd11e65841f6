"""The properties of Feishu as a service."""

import re

from mockcbs.core import masking
from mockcbs.core.clock import real_now
from mockcbs.core.on_demand import OnDemand
from mockcbs.core.secret_names import Secrets
from mockcbs.faults.scenario import Throttle
from mockcbs.samples.request import Request
from mockcbs.services.base import Example, FailureAnswer, Service
from mockcbs.services.feishu import errors
from mockcbs.services.feishu.tokens import LIFETIME, Token, TokenMint, app_grant, grant_of, token_in
from mockcbs.settings import Settings
from mockcbs.state import State

_PACKAGE = "mockcbs.services.feishu"


def _example(mock: State) -> Example:
    content = f'{{"app_id":"{mock.settings.feishu_app_id}","app_secret":"{mock.settings.feishu_app_secret}"}}'
    path = "/open-apis/auth/v3/tenant_access_token/internal"
    return Example(path, {"Content-Type": "application/json"}, "POST", content)


def _default_scope(settings: Settings) -> str:
    return masking.digest(app_grant(settings.feishu_app_id))


def _authorize(mock: State, request: Request) -> Request:
    """*request* with a token of the configured app, unless it needs none."""
    if request.operation in _OPEN:
        return request
    expires = max(mock.clock.now(), real_now()) // 1000 + LIFETIME
    token = TokenMint(mock.settings.secret).issue(Token(mock.settings.feishu_app_id, expires))
    return request.with_headers(Authorization=f"Bearer {token}")


_OPEN = frozenset({"feishu.tenant_access_token", "feishu.app_access_token", "feishu.call_hook"})

SERVICE = Service(
    name="feishu",
    title="Feishu",
    views=f"{_PACKAGE}.views",
    hosts=("open.feishu.cn", "open.larksuite.com"),
    paths=re.compile(r"/open-apis(/|$)"),
    unknown_path=errors.UNKNOWN_PATH,
    unknown_method=errors.UNKNOWN_PATH,
    wire_problems={
        "malformed request": errors.BAD_JSON,
        "body too large": errors.BAD_BODY,
        "URI too large": errors.BAD_BODY,
        "headers too large": errors.BAD_BODY,
    },
    failures={
        "server-error": FailureAnswer(errors.INTERNAL),
        "unavailable": FailureAnswer(errors.TIMEOUT),
        "throttled": FailureAnswer(
            errors.THROTTLED,
            headers={"x-ogw-ratelimit-limit": "{limit}", "x-ogw-ratelimit-reset": "{wait}"},
        ),
        "token-expired": FailureAnswer(errors.INVALID_TOKEN),
    },
    catalogue=errors.CATALOGUE,
    rate_limit=Throttle(calls=20, seconds=1.0),
    guard=OnDemand(f"{_PACKAGE}.guard", "FeishuGuard"),
    open_endpoints=_OPEN,
    token=token_in,
    grant=grant_of,
    secrets=Secrets(members=("app_secret", "tenant_access_token", "app_access_token")),
    dataset=OnDemand(f"{_PACKAGE}.dataset", "FeishuSection"),
    tables=f"{_PACKAGE}.dialect",
    rows=f"{_PACKAGE}.reporting",
    messenger=f"{_PACKAGE}.reporting",
    default_scope=_default_scope,
    credentials=lambda settings: [
        f"Feishu app_id {settings.feishu_app_id}, app_secret {settings.feishu_app_secret}"
    ],
    variable_settings=("feishu_app_id", "feishu_app_secret"),
    variables=lambda settings, url: {
        "APP_ID": settings.feishu_app_id,
        "APP_SECRET": settings.feishu_app_secret,
        "LARK_DOMAIN": url,
    },
    example=_example,
    documentation=f"{_PACKAGE}.documentation",
    authorize=_authorize,
    samples=f"{_PACKAGE}.samples",
)
