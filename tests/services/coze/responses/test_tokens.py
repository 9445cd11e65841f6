"""Tokens and device codes."""

from mockcbs.services.coze.responses.tokens import Consent, DeviceCode, Tokens
from tests.services.coze.calls import grant_jwt
from tests.services.coze.responses.refusing import refused


def test_tokens_expire_at_an_absolute_time(coze):
    """``expires_in`` of a token is Unix time, not a duration; the type is Bearer."""
    refused(Tokens, grant_jwt(coze, {}), expires_in=900, token_type="Basic", access_token="")


def test_device_codes_live_for_seconds(coze):
    """``expires_in`` of a device code is a duration."""
    device = coze.post("/api/permission/oauth2/device/code", json={"client_id": "c"}).json

    refused(DeviceCode, device, expires_in=1_766_365_200, user_code="")
    asked = f"/api/permission/oauth2/device/consent?user_code={device['user_code']}"
    assert Consent().load(coze.get(asked).json)
