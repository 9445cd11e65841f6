"""The check of credentials."""

from flask import Response

from mockcbs.core.errors import ApiError
from mockcbs.services.tencent_docs import errors
from mockcbs.services.tencent_docs.tokens import Token, TokenMint
from mockcbs.state import State
from mockcbs.web import context

EXPIRED_TOKEN = "expired-token"
"""A token that is never valid."""


class DocsGuard:
    """Checks the three headers of Tencent Docs, or the token in a query of WeCom."""

    def __init__(self, mock: State) -> None:
        self._settings = mock.settings
        self._mint = TokenMint(mock.settings.secret)

    def admit(self) -> None:
        """Check the access token and store it in the context."""
        asked, this = context.with_request()
        if asked.path.startswith("/cgi-bin/"):
            self._admit_wecom(this.token)
        else:
            self._admit_docs(this.token)
        this.caller = this.token

    def stamp(self, response: Response) -> Response:
        """Return *response* unchanged."""
        return response

    def _admit_docs(self, text: str) -> None:
        headers = context.with_request()[0].headers
        if missing := [name for name in ("Access-Token", "Client-Id", "Open-Id") if not headers.get(name)]:
            raise ApiError(errors.UNAUTHENTICATED, f"the header {missing[0]} is missing")
        token = self._mint.read(text)
        if text == EXPIRED_TOKEN or (token and _has_expired(token)):
            raise ApiError(errors.UNAUTHENTICATED, "the token has expired")
        if token and token.purpose != "access":
            raise ApiError(errors.UNAUTHENTICATED, f"a token for {token.purpose} does not authorize calls")
        if token and (token.client_id, token.open_id) != (headers["Client-Id"], headers["Open-Id"]):
            raise ApiError(errors.UNAUTHENTICATED, "Client-Id or Open-Id is not that of the token")
        if self._settings.strict and not token:
            raise ApiError(errors.UNAUTHENTICATED, "the token was not issued here (--strict)")

    def _admit_wecom(self, text: str) -> None:
        token = self._mint.read(text)
        if not text:
            raise ApiError(errors.WECOM_NO_TOKEN, "send ?access_token=TOKEN")
        if text == EXPIRED_TOKEN or (token and _has_expired(token)):
            raise ApiError(errors.WECOM_EXPIRED, "the token has expired")
        if (token and token.purpose != "wecom") or (self._settings.strict and not token):
            raise ApiError(errors.WECOM_TOKEN, "/cgi-bin/gettoken did not issue this token")


def _has_expired(token: Token) -> bool:
    return context.now() >= token.expires_at * 1000
