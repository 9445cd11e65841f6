"""The JWT grant's rules, and devices that must slow down."""

import time

import pytest

from mockcbs.core import clock
from tests.services.coze.calls import TOKEN_URL, grant_jwt
from tests.services.coze.conftest import caller

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


@pytest.mark.parametrize("sent", [None, 900])
def test_durations_of_a_jwt(coze, sent):
    """``duration_seconds: null`` counts as absent: a quarter of an hour."""
    token = grant_jwt(caller(now=None, dataset="everyday"), {}, duration_seconds=sent)

    assert abs(token["expires_in"] - time.time() - 900) < 60


@pytest.mark.parametrize(
    ("now", "expected"), [("2025-12-22T01:00Z", 2_145_917_700), ("2099-01-01T00:00Z", 4_070_909_700)]
)
def test_expiry_while_the_clock_stands_still(now, expected):
    """The time of expiry is the same in every run, and never past by the machine's clock."""
    token = grant_jwt(caller(now=clock.settable(now)), {"iat": 1, "exp": 2**32})

    assert token["expires_in"] == expected > time.time()


@pytest.mark.parametrize("sent", [True, False, 0, 86_400, "900", 900.0])
def test_durations_that_are_refused(coze, sent):
    """A duration must be a whole number of up to a day."""
    assert grant_jwt(coze, {}, duration_seconds=sent) == "invalid_request"


def _device(client):
    return client.post("/api/permission/oauth2/device/code", json={"client_id": "c"}).json


def _poll(client, device):
    body = {"grant_type": DEVICE_GRANT, "client_id": "c", "device_code": device["device_code"]}
    answer = client.post(TOKEN_URL, json=body).json
    return answer.get("error_code") or "granted"


def test_slow_down_on_request(coze):
    """The consent page can make the next poll return slow_down."""
    device = _device(coze)
    coze.get(f"/api/permission/oauth2/device/consent?user_code={device['user_code']}&slow=true")

    assert [_poll(coze, device) for _ in range(2)] == ["slow_down", "granted"]
