"""The check of credentials, and the headers of responses."""

import re
from dataclasses import dataclass

from flask import Response, request
from werkzeug.exceptions import MethodNotAllowed

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import errors
from mockcbs.services.coze.envelope import BILL_FILES_PATH, CREATE_CHAT, OAUTH_PATHS, logid, seconds
from mockcbs.services.coze.tokens import EXPIRED_TOKEN, TokenMint
from mockcbs.state import State
from mockcbs.web import context
from mockcbs.web.cache import caching
from mockcbs.web.request_ids import log_id

_BOT_TOKEN = re.compile(r"bot_([0-9]{16,20})")


@dataclass(frozen=True)
class Caller:
    """A caller with valid credentials."""

    bots: tuple[str, ...] = ()
    """The bots that the credentials are restricted to; empty without a restriction."""


class CozeGuard:
    """The hooks of one application."""

    def __init__(self, mock: State) -> None:
        self._settings = mock.settings
        self._mint = TokenMint(mock.settings.secret)

    def admit(self) -> None:
        """Check the bearer token and store the caller in the context."""
        asked, this = context.with_request()
        if asked.path.startswith(OAUTH_PATHS):
            return
        if asked.path.startswith(BILL_FILES_PATH):
            self._admit_signed(asked.args.get("sign", ""))
            return
        scheme, _, token = asked.headers.get("Authorization", "").strip().partition(" ")
        if scheme != "Bearer" or not token.strip():
            caching.depends_on()
            raise ApiError(errors.UNAUTHENTICATED, "send Authorization: Bearer TOKEN")
        this.caller = self._caller(token.strip())

    def stamp(self, response: Response) -> Response:
        """Add the log id, the charset, and headers of certain statuses."""
        response.headers["X-Tt-Logid"] = logid()
        caching.differs(logid(), log_id)
        if response.mimetype == "application/json":
            response.headers["Content-Type"] = "application/json; charset=utf-8"
        if response.status_code == 429:
            response.headers.setdefault("Retry-After", "1")
        unrouted = request.routing_exception
        if isinstance(unrouted, MethodNotAllowed):
            valid = set(unrouted.valid_methods or ()) - {"HEAD"}
            response.headers["Allow"] = ", ".join(sorted(valid))
        return response

    def _admit_signed(self, text: str) -> None:
        """Accept a signed link to a bill, on behalf of the account that made it."""
        token, this = self._mint.read(text), context.current()
        if token is None or token.purpose != "bill" or seconds() >= token.expires_at:
            raise _refusal("the link to a bill is not signed by this mock, or has expired")
        this.scope, this.caller, this.now = token.grant, Caller(), None
        caching.depends_on()
        caching.never()

    def _caller(self, text: str) -> Caller:
        if text == EXPIRED_TOKEN:
            raise _refusal("this token is always expired")
        if token := self._mint.read(text):
            if token.purpose != "access" or seconds() >= token.expires_at:
                raise _refusal("the token has expired, or does not authorize calls")
            caching.expires(token.expires_at * 1000)
            return Caller(token.bots)
        if bot := _BOT_TOKEN.fullmatch(text):
            if self._settings.strict and not context.mock().dataset.names(bot[1]):
                raise _refusal(
                    f"the Bot Token is for bot {bot[1]}, which the dataset does not contain (--strict)"
                )
            return Caller((bot[1],))
        if self._settings.strict and text != self._settings.coze_token:
            raise _refusal("the token was neither issued here nor configured (--strict)")
        return Caller()


def _refusal(reason: str) -> ApiError:
    spec = errors.CHAT_TOKEN_INVALID if request.endpoint == CREATE_CHAT else errors.TOKEN_INVALID
    return ApiError(spec, reason)
