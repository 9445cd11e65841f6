"""The JWT grant's rules, and devices that must slow down."""

import base64
import json
import time

import pytest

from mockcbs.core import clock
from tests.services.coze.conftest import caller

JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
TOKEN_URL = "/api/permission/oauth2/token"


def encoded(content):
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def grant_jwt(coze, claims, **body):
    now = int(time.time())
    good = {"iss": "c", "aud": "api.coze.com", "iat": now, "exp": now + 3600, "jti": str(claims) + str(body)}
    jwt = f"{encoded({'alg': 'RS256', 'kid': 'k'})}.{encoded({**good, **claims})}.{encoded('signature')}"
    answer = coze.post(
        TOKEN_URL, json={"grant_type": JWT_GRANT, **body}, headers={"Authorization": f"Bearer {jwt}"}
    )
    return answer.json.get("error_code") or answer.json


@pytest.mark.parametrize("sent", [None, 900])
def test_durations_of_a_jwt(coze, sent):
    """``duration_seconds: null`` counts as absent: a quarter of an hour."""
    token = grant_jwt(caller(now=None, dataset="everyday"), {}, duration_seconds=sent)

    assert abs(token["expires_in"] - time.time() - 900) < 60


@pytest.mark.parametrize(
    ("now", "expected"), [("2025-12-22T01:00Z", 2_145_917_700), ("2099-01-01T00:00Z", 4_070_909_700)]
)
def test_expiry_while_the_clock_stands_still(now, expected):
    """The same in every run, and never in the past of the machine's clock."""
    token = grant_jwt(caller(now=clock.settable(now)), {"iat": 1, "exp": 2**32})

    assert token["expires_in"] == expected > time.time()


@pytest.mark.parametrize("sent", [True, False, 0, 86_400, "900", 900.0])
def test_durations_that_are_refused(coze, sent):
    """Only a whole number up to a day is a duration."""
    assert grant_jwt(coze, {}, duration_seconds=sent) == "invalid_request"


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
    """Whatever stands in its place is refused, with a reason."""
    answer = coze.post(
        TOKEN_URL,
        json={"grant_type": JWT_GRANT},
        headers={"Authorization": f"Bearer {text}".encode().decode("latin-1")},
    )

    assert answer.json["error_code"] == "invalid_client"
    assert "JWT" in answer.headers["X-Mockcbs-Reason"]


def _device(client):
    return client.post("/api/permission/oauth2/device/code", json={"client_id": "c"}).json


def _poll(client, device):
    body = {"grant_type": DEVICE_GRANT, "client_id": "c", "device_code": device["device_code"]}
    answer = client.post(TOKEN_URL, json=body).json
    return answer.get("error_code") or "granted"


def test_slow_down_on_request(coze):
    """The consent page can ask for a poll that is answered with slow_down."""
    device = _device(coze)
    coze.get(f"/api/permission/oauth2/device/consent?user_code={device['user_code']}&slow=true")

    assert [_poll(coze, device) for _ in range(2)] == ["slow_down", "granted"]


@pytest.mark.parametrize("address", ["https://a:b/", "https://a..b/", "https://[::1"])
def test_addresses_that_are_none(client, address):
    """A redirect_uri that no browser could follow is refused."""
    query = {"client_id": "x", "redirect_uri": address, "response_type": "code"}

    response = client.get("/api/permission/oauth2/authorize", query_string=query)

    assert response.status_code == 400
    assert address in response.headers["X-Mockcbs-Reason"]
