"""Codes and tokens. They are signed, so every process with the same secret knows them, and they expire."""

from collections.abc import Mapping
from typing import Literal, NamedTuple
from urllib.parse import parse_qs

from mockcbs.core.made_ids import made_id
from mockcbs.core.signed_texts import SignedTexts

Purpose = Literal["code", "access", "refresh", "wecom"]

LIFETIMES: Mapping[Purpose, int] = {"code": 300, "access": 2_592_000, "refresh": 31_536_000, "wecom": 7200}
"""Lifetimes in seconds (contract 4.7; that of a refresh token is assumed)."""
_MARK = "mtd."


class Token(NamedTuple):
    """The content of a code or token."""

    purpose: Purpose
    client_id: str
    expires_at: int
    """The end of its validity, Unix seconds."""
    number: str
    """Makes tokens with otherwise equal content different."""
    redirect_uri: str = ""

    @property
    def open_id(self) -> str:
        """The user that the token acts for."""
        return made_id("", 32, "tencent_docs", self.client_id)


class TokenMint:
    """Issues and reads codes and tokens."""

    def __init__(self, secret: str) -> None:
        self._texts = SignedTexts(Token, secret, "mockcbs.services.tencent_docs.token", version=1)

    def issue(self, token: Token) -> str:
        """Sign *token*."""
        return _MARK + self._texts.write(token)

    def read(self, text: str) -> Token | None:
        """The token in *text*, even if expired; `None` if another secret or version signed it."""
        return self._texts.read(text.removeprefix(_MARK)) if text.startswith(_MARK) else None


def grant_of(text: str, secret: str) -> str | None:
    """The grant of a token; `None` if the token was not issued here."""
    token = TokenMint(secret).read(text)
    return client_grant(token.client_id) if token else None


def client_grant(client_id: str) -> str:
    """The grant that all tokens of a client share, and so their scope."""
    return f"tencent_docs/{client_id}"


def token_in(environ: Mapping[str, str]) -> str:
    """The access token of a request: in a header, or for WeCom in the query."""
    if environ.get("PATH_INFO", "").startswith("/cgi-bin/"):
        return parse_qs(environ.get("QUERY_STRING", "")).get("access_token", [""])[0]
    return environ.get("HTTP_ACCESS_TOKEN", "").strip()
