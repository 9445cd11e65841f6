"""Whose things they are: every token is an account of its own; the tokens of one grant share theirs."""

import hashlib

from mockcbs.core import masking
from mockcbs.services.coze.tokens import TokenMint
from mockcbs.web import context

DEFAULT_ID = "2478774393250001"
"""The account of the configured token, as answers show it."""

_ISSUED = ("czu_", "czs_", "ref_", "code_")
OAUTH = "coze.oauth"
"""What is remembered before there is a token: codes in use, devices waiting for consent."""


def grant_of(token: str, secret: str) -> str | None:
    """The grant that *token* was issued for under this *secret*; `None` if it was not issued here."""
    issued = TokenMint(secret).read(token) if token.startswith(_ISSUED) else None
    return (issued and issued.grant) or None


def scope() -> str:
    """What the things of the request at hand are kept under."""
    this = context.current()
    return (this.scope if this.caller is not None else None) or OAUTH


def user_id() -> str:
    """The id of the caller's account: who owns, creates and calls."""
    return DEFAULT_ID if _is_default() else str(10**15 + _number() % (9 * 10**15))


def first_id() -> int:
    """Where the ids given in this account begin, below 2**31, so that accounts do not give the same ones."""
    return 0 if _is_default() else _number() >> 33


def _is_default() -> bool:
    return scope() in {OAUTH, masking.digest(context.mock().settings.coze_token)}


def _number() -> int:
    """A number of 64 bits that stands for the account."""
    return int.from_bytes(hashlib.sha256(f"mockcbs/account/{scope()}".encode()).digest()[:8])
