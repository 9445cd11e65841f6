"""Codes and tokens of Tencent Docs."""

from tests.clocks import advance
from tests.services.tencent_docs.caller import CLIENT, code_of, token_for, use


def test_codes_and_tokens_expire(client):
    """A code is valid for five minutes, a token for thirty days."""
    code = code_of(client)[1]["code"][0]
    token = client.get("/oauth/v2/app-account-token", query_string=CLIENT).json
    headers = {
        "Access-Token": token["access_token"],
        "Client-Id": "mockcbs-docs",
        "Open-Id": token["user_id"],
    }

    assert use(client, headers, getRecords={}).json["ret"] == 0
    advance(client, 300_000)
    assert token_for(client, code).status_code == 401
    advance(client, 30 * 86_400_000)
    assert use(client, headers, getRecords={}).json["ret"] == 400006
