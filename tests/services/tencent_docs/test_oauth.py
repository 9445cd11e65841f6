"""OAuth of Tencent Docs."""

import pytest

from tests.services.tencent_docs.caller import CLIENT, caller, code_of, token_for, use


def test_oauth(client):
    """Consent gives a code, the code a token, the token records, also with --strict; a code is good once."""
    client = caller(strict=True)
    response, back = code_of(client, state="123")
    token = token_for(client, back["code"][0]).json
    headers = {
        "Access-Token": token["access_token"],
        "Client-Id": "mockcbs-docs",
        "Open-Id": token["user_id"],
    }

    assert (response.status_code, back["state"], back["x"]) == (302, ["123"], ["1"])
    assert token["expires_in"] == 2_592_000
    assert client.get("/oauth/v2/userinfo", query_string=token).json["data"]["openID"] == token["user_id"]
    assert use(client, headers, getRecords={}).json["ret"] == 400009  # no file is stated
    assert use(client, getRecords={}).json["ret"] == 400006
    assert use(client, {**headers, "Open-Id": "other"}, getRecords={}).json["ret"] == 400006
    again = token_for(client, back["code"][0])
    assert (again.status_code, again.json["error"]) == (401, "invalid_grant")
    refresh = {**CLIENT, "grant_type": "refresh_token", "refresh_token": token["refresh_token"]}
    assert client.get("/oauth/v2/token", query_string=refresh).json["user_id"] == token["user_id"]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"code": "wrong"}, 401, "invalid_grant"),
        ({"redirect_uri": "http://localhost/other"}, 401, "invalid_grant"),
        ({"grant_type": "password"}, 400, "invalid_request"),
        ({"client_id": ""}, 400, "invalid_request"),
    ],
)
def test_token_is_refused(client, changes, status, code):
    """A wrong secret, code, address or kind of grant gets no token."""
    response = token_for(client, code_of(client)[1]["code"][0], **changes)

    assert (response.status_code, response.json["error"]) == (status, code)


def test_wecom_token(client):
    """WeCom's token stays the same for 7200 seconds, with the seconds left; then another is issued."""
    corp = {"corpid": "ww1", "corpsecret": "s"}

    def token():
        return client.get("/cgi-bin/gettoken", query_string=corp).json

    first = token()
    client.put("/_mockcbs/clock", json={"advance_ms": 3_600_000})
    later = token()
    client.put("/_mockcbs/clock", json={"advance_ms": 3_600_000})
    last = token()

    assert (first["expires_in"], later["expires_in"], last["expires_in"]) == (7200, 3600, 7200)
    assert first["access_token"] == later["access_token"] != last["access_token"]
