"""The check of credentials, and the header of every response."""

import re
from dataclasses import dataclass

from flask import Response

from mockcbs.core.errors import ApiError
from mockcbs.services.feishu import errors, rates
from mockcbs.services.feishu.envelope import logid
from mockcbs.services.feishu.tokens import TokenMint
from mockcbs.state import State
from mockcbs.web import context
from mockcbs.web.cache import caching
from mockcbs.web.request_ids import log_id

BAD_TOKENS = ("t-bad", "t-expired")
"""Tenant tokens that are never valid."""


@dataclass(frozen=True)
class Caller:
    """A caller with a valid access token."""

    app_id: str = "cli_mockcbs"


class FeishuGuard:
    """Checks access tokens in the order of the real service (contract 4.1.3)."""

    def __init__(self, mock: State) -> None:
        self._settings = mock.settings
        self._mint = TokenMint(mock.settings.secret)

    def admit(self) -> None:
        """Check the access token and store the caller in the context."""
        asked, this = context.with_request()
        if not this.token:
            raise ApiError(errors.MISSING_TOKEN, "send Authorization: Bearer TOKEN")
        errors.failing(this.token)
        this.caller = self._caller(this.token)
        rates.check_call(asked.endpoint or "")

    def stamp(self, response: Response) -> Response:
        """Add the log id, in the only spelling that lark-oapi finds, and headers about an exceeded limit."""
        response.headers["X-Tt-Logid"] = logid()
        caching.differs(logid(), log_id)
        if response.status_code == 429:
            limit = rates.limit_of(context.with_request()[0].endpoint or "")
            response.headers.setdefault("x-ogw-ratelimit-limit", str(limit))
            response.headers.setdefault("x-ogw-ratelimit-reset", "1")
        return response

    def _caller(self, text: str) -> Caller:
        if text.startswith("a-"):
            raise ApiError(errors.APP_TOKEN, "this call takes a tenant or user access token")
        if text.startswith(("u-", "eyJ")):
            if self._settings.strict:
                raise ApiError(errors.INVALID_USER_TOKEN, "no user tokens are issued here (--strict)")
            return Caller()
        if not re.fullmatch(r"t-[\x21-\x7e]+", text):
            raise ApiError(errors.MALFORMED_TOKEN, "an access token begins with t- or u-")
        if text in BAD_TOKENS:
            raise ApiError(errors.INVALID_TOKEN, f"token {text} is never valid")
        if token := self._mint.read(text):
            if context.now() >= token.expires_at * 1000:
                raise ApiError(errors.INVALID_TOKEN, "the token has expired")
            caching.expires(token.expires_at * 1000)
            return Caller(token.app_id)
        if self._settings.strict:
            raise ApiError(errors.INVALID_TOKEN, "the token was not issued here (--strict)")
        return Caller()
