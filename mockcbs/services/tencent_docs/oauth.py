"""Consent and tokens of Tencent Docs, and tokens of WeCom."""

import hmac
from collections.abc import Mapping
from typing import Any

from mockcbs.core.errors import ApiError, ErrorSpec
from mockcbs.services.tencent_docs import errors
from mockcbs.services.tencent_docs.tokens import LIFETIMES, Purpose, Token, TokenMint
from mockcbs.web import context

_SCOPE = "scope.file.editable,scope.smartsheet.editable"
_USED, _WECOM, _OWNER = "tencent_docs.codes", "tencent_docs.wecom", "tencent_docs.oauth"


def issue(purpose: Purpose, client_id: str, redirect_uri: str = "") -> str:
    """Issue a code or a token."""
    expires_at = context.now() // 1000 + LIFETIMES[purpose]
    return _mint().issue(Token(purpose, client_id, expires_at, context.request_id(), redirect_uri))


def wecom_token(corpid: str) -> dict[str, Any]:
    """The token of WeCom and its lifetime in seconds; it stays the same while it is valid."""
    documents, now = context.mock().documents, context.now() // 1000
    held = documents.get(_WECOM, _OWNER, corpid)
    if held is None or held["expires_at"] <= now:
        held = {"token": issue("wecom", corpid), "expires_at": now + LIFETIMES["wecom"]}
        documents.put(_WECOM, _OWNER, corpid, held)
    return {"access_token": held["token"], "expires_in": held["expires_at"] - now}


def check_client(
    client_id: str,
    client_secret: str,
    unknown: ErrorSpec = errors.INVALID_CLIENT,
    wrong: ErrorSpec = errors.INVALID_CLIENT,
) -> None:
    """Check the client.

    The configured client needs its secret. Other clients pass, unless mockcbs is strict.
    """
    settings = context.mock().settings
    if client_id != settings.tencent_client_id:
        if settings.strict:
            raise ApiError(unknown, f"client {client_id!r} is not the configured one (--strict)")
    elif not hmac.compare_digest(client_secret.encode(), settings.tencent_client_secret.encode()):
        raise ApiError(wrong, "the secret is not the configured one")


def for_code(query: Mapping[str, Any]) -> dict[str, Any]:
    """Exchange a code for tokens; a code is valid once."""
    token = _read(query.get("code", ""), "code", query["client_id"])
    if query.get("redirect_uri", token.redirect_uri) != token.redirect_uri:
        raise ApiError(errors.INVALID_GRANT, "redirect_uri is not the one of the consent")
    documents = context.mock().documents
    if documents.get(_USED, _OWNER, token.number):
        raise ApiError(errors.INVALID_GRANT, "the code was used before")
    documents.put(_USED, _OWNER, token.number, {"used": True})
    return tokens(query["client_id"])


def for_refresh_token(query: Mapping[str, Any]) -> dict[str, Any]:
    """Exchange a refresh token for new tokens."""
    _read(query.get("refresh_token", ""), "refresh", query["client_id"])
    return tokens(query["client_id"])


def tokens(client_id: str) -> dict[str, Any]:
    """An access token, with its refresh token and its user."""
    access = issue("access", client_id)
    return {
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": LIFETIMES["access"],
        "refresh_token": issue("refresh", client_id),
        "scope": _SCOPE,
        "user_id": Token("access", client_id, 0, "").open_id,
    }


def user(access_token: str) -> dict[str, Any]:
    """The user of a token."""
    token = _mint().read(access_token)
    if token is None or token.purpose != "access" or context.now() >= token.expires_at * 1000:
        raise ApiError(errors.UNAUTHENTICATED, "the token was not issued here, or has expired")
    return {
        "openID": token.open_id,
        "nick": "mockcbs",
        "avatar": "",
        "source": "wx",
        "unionID": token.open_id,
    }


def _read(text: str, purpose: Purpose, client_id: str) -> Token:
    token = _mint().read(text)
    if token is None or token.purpose != purpose or token.client_id != client_id:
        raise ApiError(errors.INVALID_GRANT, f"mockcbs did not issue this {purpose} to {client_id!r}")
    if context.now() >= token.expires_at * 1000:
        raise ApiError(errors.INVALID_GRANT, f"the {purpose} has expired")
    return token


def _mint() -> TokenMint:
    return TokenMint(context.mock().settings.secret)
