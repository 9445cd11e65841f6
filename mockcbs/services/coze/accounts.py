"""Accounts: every token has its own account; the tokens of one grant share an account."""

import hashlib
from functools import lru_cache

from mockcbs.core import masking
from mockcbs.services.coze.tokens import TokenMint
from mockcbs.web import context

DEFAULT_ID = "2478774393250001"
"""The id of the account of the configured token."""

_ISSUED = ("czu_", "czs_", "ref_", "code_")
OAUTH = "coze.oauth"
"""The account for data from before a token exists: codes in use, devices that wait for consent."""


def grant_of(token: str, secret: str) -> str | None:
    """The grant that *token* was issued for under this *secret*; `None` if it was not issued here."""
    issued = TokenMint(secret).read(token) if token.startswith(_ISSUED) else None
    return (issued and issued.grant) or None


def scope() -> str:
    """The account that the current request stores data under."""
    this = context.current()
    return (this.scope if this.caller is not None else None) or OAUTH


def user_id() -> str:
    """The user id of the caller's account: owner, creator and caller of everything in it."""
    return DEFAULT_ID if _is_default() else str(10**15 + _number(scope()) % (9 * 10**15))


def first_id() -> int:
    """The first id of this account, below 2**31; it differs between accounts."""
    return 0 if _is_default() else _number(scope()) >> 33


def _is_default() -> bool:
    return scope() in {OAUTH, _scope_of(context.mock().settings.coze_token)}


_scope_of = lru_cache(16)(masking.digest)


@lru_cache(1024)  # each of the ids that a chat makes depends on it
def _number(account: str) -> int:
    """A 64-bit number that identifies the account."""
    return int.from_bytes(hashlib.sha256(f"mockcbs/account/{account}".encode()).digest()[:8])
