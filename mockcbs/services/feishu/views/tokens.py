"""Access tokens of apps (contract 4.2)."""

import hmac
from typing import Any

from mockcbs.core import masking
from mockcbs.core.errors import ApiError
from mockcbs.services.feishu import errors, schemas
from mockcbs.services.feishu.tokens import LIFETIME, RENEWED_BELOW, Token, TokenMint, app_grant
from mockcbs.services.feishu.views.base import blp
from mockcbs.web import context

_KIND = "feishu.token"


@blp.post("/open-apis/auth/v3/tenant_access_token/internal")
@blp.arguments(schemas.AppCredentials, location="json")
@blp.answers("TokenAnswer")
def tenant_access_token(body: dict[str, Any]) -> dict[str, Any]:
    """自建应用获取 tenant_access_token: the token of an app."""
    return _issued(body)


@blp.post("/open-apis/auth/v3/app_access_token/internal")
@blp.arguments(schemas.AppCredentials, location="json")
@blp.answers("TokenAnswer")
def app_access_token(body: dict[str, Any]) -> dict[str, Any]:
    """自建应用获取 app_access_token: the same token under both names."""
    found = _issued(body)
    return {**found, "app_access_token": found["tenant_access_token"]}


def _issued(body: dict[str, Any]) -> dict[str, Any]:
    app_id = body["app_id"]
    errors.failing(app_id)
    _check(app_id, body["app_secret"])
    mock, this = context.mock(), context.current()
    this.scope = scope = masking.digest(app_grant(app_id))
    now = mock.clock_of(scope).now() // 1000
    kept = mock.documents.get(_KIND, scope, app_id)
    expires_at = kept["expires_at"] if kept else 0
    if expires_at - now < RENEWED_BELOW or expires_at - now > LIFETIME:
        expires_at = now + LIFETIME
        mock.documents.put(_KIND, scope, app_id, {"expires_at": expires_at})
    text = TokenMint(mock.settings.secret).issue(Token(app_id, expires_at))
    return {"code": 0, "msg": "ok", "tenant_access_token": text, "expire": expires_at - now}


def _check(app_id: str, secret: str) -> None:
    """Refuse an unknown app, or a wrong secret of the configured one (10014)."""
    settings = context.mock().settings
    if app_id == settings.feishu_app_id:
        if not hmac.compare_digest(secret.encode(), settings.feishu_app_secret.encode()):
            raise ApiError(errors.row(10014), f"wrong secret of {app_id} (setting feishu_app_secret)")
    elif settings.strict:
        raise ApiError(errors.row(10014), f"the app is not {settings.feishu_app_id} (--strict)")
    elif not app_id.startswith("cli_"):
        raise ApiError(errors.row(10014), f"app_id {app_id!r} does not begin with cli_")
