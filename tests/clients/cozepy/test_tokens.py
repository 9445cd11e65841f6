"""The OAuth flows of cozepy against a strict mock."""

import time

import httpx
import pytest
from cozepy import (
    Coze,
    CozeAPIError,
    CozePKCEAuthError,
    CozePKCEAuthErrorType,
    DeviceOAuthApp,
    JWTAuth,
    JWTOAuthApp,
    PKCEOAuthApp,
    TokenAuth,
    WebOAuthApp,
)
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.clients.cozepy.asking import code_of


@pytest.fixture(scope="module")
def strict(_shared, tmp_path_factory):
    """A strict server that knows the public half of a key, and the private half."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    file = tmp_path_factory.mktemp("keys") / "public.pem"
    encoding = serialization.Encoding.PEM
    file.write_bytes(key.public_key().public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo))
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    served = _shared("--dataset", "coze-sample", "--strict", "--coze-public-key", str(file))
    return served.url, private.decode()


def _code_from(consent_url):
    answer = httpx.get(consent_url)
    assert answer.status_code == 302
    query = httpx.URL(answer.headers["Location"]).params
    assert query["state"] == "st"
    return query["code"]


def _works(url, token):
    return Coze(auth=TokenAuth(token), base_url=url).users.me().user_id


def test_web_flow(strict):
    """The web flow ends with a token that works and a refresh token that works once."""
    url, _ = strict
    app = WebOAuthApp("mockcbs.app.coze", "mockcbs-client-secret", base_url=url)
    code = _code_from(app.get_oauth_url(redirect_uri="http://localhost/back", state="st"))

    token = app.get_access_token(redirect_uri="http://localhost/back", code=code)
    again = app.refresh_access_token(token.refresh_token)

    assert token.access_token.startswith("czu_")
    assert token.expires_in > time.time()
    assert _works(url, token.access_token) == _works(url, again.access_token)
    with pytest.raises(CozeAPIError):
        app.refresh_access_token(token.refresh_token)
    with pytest.raises(CozeAPIError):
        app.get_access_token(redirect_uri="http://localhost/back", code=code)
    wrong = WebOAuthApp("mockcbs.app.coze", "wrong", base_url=url)
    fresh = _code_from(app.get_oauth_url(redirect_uri="http://localhost/back", state="st"))
    with pytest.raises(CozeAPIError, match="invalid client"):
        wrong.get_access_token(redirect_uri="http://localhost/back", code=fresh)


@pytest.mark.parametrize("method", ["plain", "S256"])
def test_pkce_flow(strict, method):
    """PKCE requires the verifier of the challenge."""
    url, _ = strict
    app = PKCEOAuthApp("some-client", base_url=url)
    members = {"redirect_uri": "http://localhost/back", "code_verifier": "ver"}

    def code():
        return _code_from(app.get_oauth_url(**members, code_challenge_method=method, state="st"))

    token = app.get_access_token(**members, code=code())

    assert _works(url, token.access_token)
    assert _works(url, app.refresh_access_token(token.refresh_token).access_token)
    with pytest.raises(CozeAPIError, match="code_verifier"):
        app.get_access_token(**{**members, "code_verifier": "other"}, code=code())


def test_device_flow(strict):
    """A device waits until its user consents or refuses."""
    url, _ = strict
    app = DeviceOAuthApp("some-client", base_url=url)
    device, refused = app.get_device_code(), app.get_device_code()

    with pytest.raises(CozePKCEAuthError) as pending:
        app.get_access_token(device.device_code)
    assert httpx.get(device.verification_url).status_code == 200
    token = app.get_access_token(device.device_code)
    httpx.get(refused.verification_url, params={"user_code": refused.user_code, "deny": "true"})

    assert pending.value.error == CozePKCEAuthErrorType.AUTHORIZATION_PENDING
    assert _works(url, token.access_token)
    with pytest.raises(CozePKCEAuthError):
        app.get_access_token(refused.device_code)


def test_jwt_flow(strict):
    """A JWT must be signed with the configured key; one token serves many calls."""
    url, private = strict
    app = JWTOAuthApp("some-client", private, "key-id", base_url=url)
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )

    coze = Coze(auth=JWTAuth(oauth_app=app), base_url=url)

    assert coze.users.me().user_id == coze.users.me().user_id
    assert app.get_access_token(ttl=60).access_token.startswith("czs_")
    with pytest.raises(CozeAPIError, match="invalid client"):
        JWTOAuthApp("some-client", other.decode(), "key-id", base_url=url).get_access_token(ttl=60)


def test_strict_tokens(strict):
    """A strict mock accepts the configured token and issued ones, and refuses all others."""
    url, _ = strict

    assert _works(url, "pat_mockcbs")
    assert code_of(Coze(auth=TokenAuth("anything"), base_url=url).users.me) == 700012006
    assert (
        code_of(Coze(auth=TokenAuth("pat_mockcbs"), base_url=url).bots.retrieve, bot_id="7000000000000000000")
        == 4200
    )
