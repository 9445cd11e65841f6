"""Tokens, and the account they are of."""

import base64
import json

from tests.services.coze.accounts import OAUTH, bearer, calls, chat, log_in, refresh


def jwt(anyone, number, **claims):
    """The access token for a JWT of an app."""
    parts = (
        {"alg": "RS256", "kid": "k"},
        {"iss": "app", "aud": "api.coze.cn", "exp": 4_000_000_000, "jti": str(number), **claims},
    )
    text = ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts
    )
    body = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer"}
    return anyone.post(f"{OAUTH}/token", json=body, headers=bearer(f"{text}.c2ln")).json["access_token"]


def test_a_refreshed_token_stays_in_its_account(anyone):
    """All tokens of one consent have one account, also after refreshes; another consent has another
    account.
    """
    tokens, other = log_in(anyone), log_in(anyone)
    chat(anyone, tokens["access_token"])
    refreshed = refresh(anyone, refresh(anyone, tokens))

    counts = [calls(anyone, one["access_token"]) for one in (tokens, refreshed, other)]

    assert refreshed["access_token"] != tokens["access_token"]
    assert counts == [1, 1, 0]


def test_tokens_of_an_app_are_of_its_session(anyone):
    """JWTs of one app give tokens of one account, unless they name different sessions."""
    chat(anyone, jwt(anyone, 1))

    assert calls(anyone, jwt(anyone, 2)) == 1
    assert calls(anyone, jwt(anyone, 3, session_name="anna")) == 0
