"""The JWT that an OAuth app signs."""

import base64
import json
import time

import pytest

from mockcbs import Settings, create_app
from mockcbs.core.errors import UserError
from tests.services.coze.calls import JWT_GRANT, TOKEN_URL, encoded, grant_jwt
from tests.services.coze.conftest import BOT, DRAFT


def test_jwt_claims(coze):
    """A JWT must be one, be for this host, be fresh, and be used once."""

    def jwt(**claims):
        def part(content):
            return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()

        return f"{part({'alg': 'RS256', 'kid': 'k'})}.{part(claims)}.{part('signature')}"

    def ask(token, **body):
        grant = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", **body}
        answer = coze.post(
            "/api/permission/oauth2/token", json=grant, headers={"Authorization": f"Bearer {token}"}
        )
        return answer.json.get("error_code") or answer.json

    good = {"iss": "c", "aud": "api.coze.com", "exp": int(time.time()) + 60, "jti": "1"}
    scope = {"attribute_constraint": {"connector_bot_chat_attribute": {"bot_id_list": [DRAFT]}}}

    token = ask(jwt(**good), scope=scope, duration_seconds=60)
    assert token["expires_in"] > time.time()
    assert ask(jwt(**good)) == "invalid_client"
    assert ask(jwt(**{**good, "jti": "2"}), duration_seconds=86_400) == "invalid_request"
    for bad in ({"aud": "elsewhere"}, {"exp": 1}, {"jti": None}, {"iss": ""}):
        assert ask(jwt(**{**good, "jti": "3", **bad})) == "invalid_client"
    for text in ("", "x", "a.b", "a.b.c", "你.好.吗"):
        assert ask(text.encode().decode("latin-1")) == "invalid_client"
    refused = coze.post(
        "/v3/chat",
        json={"bot_id": BOT, "user_id": "u"},
        headers={"Authorization": f"Bearer {token['access_token']}"},
    )
    assert (refused.status_code, refused.json["code"]) == (403, 4101)


def test_a_file_without_a_key_is_refused_at_start(tmp_path):
    """A public key that cannot be read causes an error at the start."""
    file = tmp_path / "key.pem"
    file.write_text("no key")

    with pytest.raises(UserError, match="no public key in PEM"):
        create_app(Settings(coze_public_key=str(file)))


@pytest.mark.parametrize(
    "claims",
    [
        *({"iat": 2**33}, {"iat": True}, {"exp": True}, {"iat": "1"}, {"nbf": 1.5}, {"exp": None}),
        *({"iat": 2**33, "exp": 2**34}, {"nbf": 2**33, "exp": 2**34}, {"iat": 2**34, "exp": 2**33}),
        *({"exp": 1}, {"iat": 2**1000}, {"aud": ["api.coze.com"]}, {"aud": None}, {"iss": 1}, {"jti": ""}),
        *({"iss": "\ud800"}, {"session_name": "\ud800"}, {"more": float("inf")}, {"more": float("nan")}),
    ],
    ids=str,
)
def test_claims_that_are_refused(coze, claims):
    """``iat`` and ``nbf`` have passed and lie before ``exp``; all are whole numbers; texts can be encoded."""
    assert grant_jwt(coze, claims) == "invalid_client"


@pytest.mark.parametrize("claims", [{"iat": None}, {"nbf": None}, {"nbf": 1}, {"iat": 1}])
def test_claims_that_are_accepted(coze, claims):
    """``iat`` and ``nbf`` may be absent."""
    assert grant_jwt(coze, claims)["token_type"] == "Bearer"


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "a.b", "a.b.c", "....", "é.é.é", "e30.e30.e30", f"{encoded({'alg': 'none'})}.e30."),
        f"{encoded({'alg': 'RS256', 'kid': 'k'})}.{encoded([])}.x",
        f"{encoded({'alg': 'RS256'})}.{encoded({})}.x",
        f"{encoded({'alg': ['RS256'], 'kid': 'k'})}.{encoded({})}.x",
        f"{encoded({'alg': 'RS256', 'kid': ['k']})}.{encoded({})}.x",
        f"{encoded({'alg': 'RS256', 'kid': 'k', 'b64': False, 'crit': ['b64']})}.{encoded({})}.x",
        f"{encoded([])}.{encoded({})}.x",
    ],
)
def test_what_is_no_jwt(coze, text):
    """Any value that is not a JWT is refused with a reason."""
    answer = coze.post(
        TOKEN_URL,
        json={"grant_type": JWT_GRANT},
        headers={"Authorization": f"Bearer {text}".encode().decode("latin-1")},
    )

    assert answer.json["error_code"] == "invalid_client"
    assert "JWT" in answer.headers["X-Mockcbs-Reason"]
