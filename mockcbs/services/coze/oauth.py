"""The OAuth flows of Coze's SDKs: web, PKCE, device, JWT and refresh (contract 2.2.2)."""

import base64
import hashlib
import hmac
from typing import Any

from mockcbs.core import clock
from mockcbs.core.errors import ApiError
from mockcbs.core.spelling import not_one_of
from mockcbs.services.coze import errors, jwt_grant
from mockcbs.services.coze.accounts import OAUTH
from mockcbs.services.coze.envelope import new_id, seconds
from mockcbs.services.coze.errors import OAuthError
from mockcbs.services.coze.jwt_grant import wrong_client
from mockcbs.services.coze.tokens import (
    LONGEST_JWT_LIFETIME,
    REFRESH_LIFETIME,
    USER_LIFETIME,
    Token,
    TokenMint,
)
from mockcbs.web import context

DEVICE_LIFETIME = 300
DEVICE_INTERVAL = 5
_CODE_LIFETIME = 600
_JWT_LIFETIME = 900
_FROZEN_BASE = 2_145_916_800
"""2038-01-01 in Unix seconds. With any lifetime added it fits 32 bits, which the Java SDK needs."""
_AUDIENCES = ("api.coze.com", "api.coze.cn")
_USED, _DEVICES, _DEVICE_CODES = "coze.used", "coze.device", "coze.device_code"
_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def code(query: dict[str, str]) -> str:
    """Issue an authorization code after the consent page."""
    method = query.get("code_challenge_method", "plain")
    if method not in {"plain", "S256"}:
        raise _invalid("code_challenge_method")
    return _mint().issue(
        Token(
            "code",
            query["client_id"],
            _lasting(_CODE_LIFETIME),
            new_id(),
            redirect_uri=query["redirect_uri"],
            challenge=query.get("code_challenge", ""),
            challenge_method=method,
        ),
        "code_",
    )


def device(client_id: str, host_url: str) -> dict[str, Any]:
    """Issue a device code. A user consents at its address; without that, the second poll is the consent."""
    device_code, user_code = new_id(), new_id()[-8:]
    until = seconds() + DEVICE_LIFETIME
    store = context.mock().documents
    store.put(_DEVICES, OAUTH, device_code, {"client_id": client_id, "until": until, "consent": "asked"})
    store.put(_DEVICE_CODES, OAUTH, user_code, {"device_code": device_code})
    return {
        "device_code": device_code,
        "user_code": user_code,
        "verification_uri": f"{host_url}api/permission/oauth2/device/consent",
        "interval": DEVICE_INTERVAL,
        "expires_in": DEVICE_LIFETIME,
    }


def consent(user_code: str, *, denied: bool, slow: bool) -> None:
    """Accept or refuse a device; with *slow* its next poll gets ``slow_down``."""
    store = context.mock().documents
    known = store.get(_DEVICE_CODES, OAUTH, user_code)
    if known is None:
        raise _invalid("user_code")
    asked = store.get(_DEVICES, OAUTH, known["device_code"]) or {}
    store.put(
        _DEVICES,
        OAUTH,
        known["device_code"],
        {**asked, "consent": "denied" if denied else "given", "slow": slow},
    )


def grant(body: dict[str, Any], bearer: str, host: str) -> dict[str, Any]:
    """The tokens for a grant, in the form of the token endpoints."""
    kind = body.get("grant_type")
    if kind == "authorization_code":
        return _by_code(body, bearer)
    if kind == "refresh_token":
        return _by_refresh_token(body, bearer)
    if kind == _DEVICE_GRANT:
        return _by_device_code(body)
    if kind == _JWT_GRANT:
        return _by_jwt(body, bearer, host)
    if not kind:
        raise _invalid("grant_type")
    spec = errors.UNSUPPORTED_GRANT_TYPE
    accepted = ("authorization_code", "refresh_token", _DEVICE_GRANT, _JWT_GRANT)
    reason = f"grant_type {not_one_of(kind, accepted)}"
    raise ApiError(spec, reason, message=spec.message.format(type=kind))


def _by_code(body: dict[str, Any], bearer: str) -> dict[str, Any]:
    client_id, text = _member(body, "client_id"), _member(body, "code")
    token = _spend(text, "code", client_id)
    if token.redirect_uri != body.get("redirect_uri"):
        raise _invalid("redirect_uri")
    if token.challenge:
        verifier = _member(body, "code_verifier")
        if token.challenge_method == "S256":
            digest = hashlib.sha256(verifier.encode("utf-8", "surrogatepass")).digest()
            verifier = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if not _same(verifier, token.challenge):
            raise _invalid("code_verifier")
    else:
        _check_client(client_id, bearer)
    return _user_tokens(client_id, token.number)


def _by_refresh_token(body: dict[str, Any], bearer: str) -> dict[str, Any]:
    client_id = _member(body, "client_id")
    if bearer:
        _check_client(client_id, bearer)
    token = _spend(_member(body, "refresh_token"), "refresh", client_id)
    return _user_tokens(client_id, token.grant)


def _by_device_code(body: dict[str, Any]) -> dict[str, Any]:
    client_id, device_code = _member(body, "client_id"), _member(body, "device_code")
    store = context.mock().documents
    asked = store.get(_DEVICES, OAUTH, device_code)
    if asked is None or asked["client_id"] != client_id:
        raise _invalid("device_code")
    if seconds() >= asked["until"]:
        raise ApiError(errors.EXPIRED_TOKEN, "the device code was valid for five minutes")
    if asked.get("slow"):
        store.put(_DEVICES, OAUTH, device_code, {**asked, "slow": False})
        raise ApiError(errors.SLOW_DOWN, f"poll once in {DEVICE_INTERVAL} seconds")
    if asked["consent"] == "denied":
        raise ApiError(errors.ACCESS_DENIED, "consent was refused")
    if asked["consent"] == "asked":
        store.put(_DEVICES, OAUTH, device_code, {**asked, "consent": "given"})
        raise ApiError(
            errors.AUTHORIZATION_PENDING,
            "open the verification address, or poll again: the second poll counts as consent",
        )
    store.delete(_DEVICES, OAUTH, device_code)
    return _user_tokens(client_id, device_code)


def _by_jwt(body: dict[str, Any], bearer: str, host: str) -> dict[str, Any]:
    claims = jwt_grant.claims(bearer, (host, *_AUDIENCES))
    client_id, number = claims["iss"], claims["jti"]
    if not _first_use(f"jwt/{client_id}/{number}"):
        raise wrong_client("the JWT was used before; each needs a jti of its own")
    sent = body.get("duration_seconds")
    lifetime = _JWT_LIFETIME if sent is None else sent
    if type(lifetime) is not int or not 1 <= lifetime <= LONGEST_JWT_LIFETIME:
        raise _invalid("duration_seconds")
    token = Token(
        "access",
        client_id,
        _lasting(lifetime),
        new_id(),
        f"{client_id}/{claims.get('session_name', '')}",
        bots=_bots(body.get("scope")),
    )
    return _answer(token, "czs_")


def _bots(scope: Any) -> tuple[str, ...]:
    """The bots in the scope of a JWT, which restricts its token to them."""
    try:
        listed = scope["attribute_constraint"]["connector_bot_chat_attribute"]["bot_id_list"]
        return tuple(str(bot_id) for bot_id in listed)
    except (KeyError, TypeError):
        return ()


def _check_client(client_id: str, secret: str) -> None:
    settings = context.mock().settings
    known = client_id == settings.coze_client_id
    if not secret or (known and not _same(secret, settings.coze_client_secret)):
        raise wrong_client("Authorization must hold the client's secret")
    if settings.strict and not known:
        raise wrong_client(f"client {client_id!r} is not configured (--strict)")


def _spend(text: str, purpose: str, client_id: str) -> Token:
    """Use up the code or refresh token, which is valid once."""
    token = _mint().read(text)
    if token is None or token.purpose != purpose or token.client_id != client_id:
        raise ApiError(errors.ACCESS_DENY, f"the {purpose} token was not issued here to this client")
    if seconds() >= token.expires_at or not _first_use(token.number):
        raise ApiError(errors.ACCESS_DENY, f"the {purpose} token has expired or was used before")
    return token


def _first_use(name: str) -> bool:
    store = context.mock().documents
    if store.get(_USED, OAUTH, name):
        return False
    store.put(_USED, OAUTH, name, {"used": True})
    return True


def _user_tokens(client_id: str, grant: str) -> dict[str, Any]:
    token = Token("access", client_id, _lasting(USER_LIFETIME), new_id(), grant)
    refresh = token._replace(purpose="refresh", expires_at=_lasting(REFRESH_LIFETIME), number=new_id())
    return {**_answer(token, "czu_"), "refresh_token": _mint().issue(refresh, "ref_")}


def _answer(token: Token, prefix: str) -> dict[str, Any]:
    return {
        "access_token": _mint().issue(token, prefix),
        "expires_in": token.expires_at,
        "token_type": "Bearer",
    }


def _lasting(lifetime: int) -> int:
    """The expiry for that lifetime: an absolute time that is in the future for SDKs with the machine's clock.

    If the clock is frozen in the machine's past, it is based on `_FROZEN_BASE`, so every run gives the same
    time.
    """
    now, machine = seconds(), clock.real_now() // 1000
    if now < machine:
        now = _FROZEN_BASE if context.mock().clock_of(context.scope()).frozen else machine
    return now + lifetime


def _mint() -> TokenMint:
    return TokenMint(context.mock().settings.secret)


def _member(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise _invalid(name)
    return value


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))


def _invalid(parameter: str) -> ApiError:
    spec: OAuthError = errors.INVALID_REQUEST
    return ApiError(
        spec, f"{parameter} is missing or wrong", message=spec.message.format(parameter=parameter)
    )
