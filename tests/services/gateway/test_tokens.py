"""Tokens: signed texts that every process with the same secret reads alike."""

import hashlib

import pytest
from itsdangerous import URLSafeSerializer

from mockcbs import Settings, create_app
from mockcbs.services.gateway.tokens import Token, TokenMint
from tests.conftest import BOT, NOW, PROJECT

MEMBERS = {
    "version": 2,
    "domain": "d",
    "user": "u",
    "issued_at": NOW,
    "project_id": PROJECT,
    "project_name": "cn-north-4",
    "region": "cn-north-4",
}


def forged(content) -> str:
    """A text under the secret of the mock, whatever it holds."""
    signer = URLSafeSerializer(
        "mockcbs",
        salt="mockcbs.services.iam.token",
        signer_kwargs={"digest_method": hashlib.sha256},
        serializer_kwargs={"ensure_ascii": True},
    )
    return "MII" + signer.dumps(content)


def test_a_token_is_read_as_it_was_issued():
    """A mint with the same secret reads every member of the token; one with another secret refuses it."""
    token = Token("d", "u", NOW, PROJECT, "cn-north-4", "cn-north-4")
    text = TokenMint("mockcbs").issue(token)

    assert TokenMint("mockcbs").read(text) == token == TokenMint("mockcbs").read(forged(MEMBERS))
    assert TokenMint("other").read(text) is None


@pytest.mark.parametrize(
    "content",
    [
        {name: value for name, value in MEMBERS.items() if name != "version"},
        {**MEMBERS, "version": 1},
        {**MEMBERS, "issued_at": str(NOW)},
        {**MEMBERS, "issued_at": True},
        {**MEMBERS, "issued_at": 10**30},
        {**MEMBERS, "project_id": 5},
        {**MEMBERS, "domain": "\ud800"},
        {**MEMBERS, "more": 1},
        {},
        [],
        None,
        "text",
    ],
    ids=ascii,
)
@pytest.mark.parametrize("path", [f"/v1/{PROJECT}/qabots/{BOT}/requests/keywords", "/v3/auth/tokens"])
def test_a_token_of_another_shape_is_none_of_ours(content, path):
    """A token of another format, as after an upgrade, is refused although its signature is right."""
    client = create_app(Settings(now=NOW, dataset="empty", strict=True)).test_client()
    good = TokenMint("mockcbs").issue(Token("d", "u", NOW))
    headers = {"X-Auth-Token": good, "X-Subject-Token": forged(content)}
    if path.startswith("/v1/"):
        headers["X-Auth-Token"] = forged(content)

    response = client.get(path, headers=headers)

    assert response.status_code == (401 if path.startswith("/v1/") else 404)
    assert "issued here" in response.headers["X-Mockcbs-Reason"]
