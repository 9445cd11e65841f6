"""What documents say of IAM's responses is what it sends."""

import pytest

from mockcbs.services.iam import responses
from tests.services.iam.logins import TOKENS, login

TOKEN = {"X-Auth-Token": "t"}


@pytest.mark.parametrize("scope", [None, {"project": {"name": "cn-north-4"}}], ids=["account", "project"])
def test_tokens(client, scope):
    """A token is of an account or of a project."""
    answer = client.post(TOKENS, json=login(scope=scope))

    assert responses.TokenAnswer().validate(answer.json) == {}
    assert responses.TokenAnswer().validate({"token": {**answer.json["token"], "methods": "password"}})


@pytest.mark.parametrize(
    ("path", "schema"), [("/v3/projects", responses.Projects), ("/v3/auth/domains", responses.Accounts)]
)
def test_lists(client, path, schema):
    """Each list has its links."""
    answer = client.get(path, headers=TOKEN)

    assert schema().validate(answer.json) == {}
    assert "links" in schema().validate({**answer.json, "links": 5})


def test_errors(client):
    """A refusal has its code, its message and its title."""
    answer = client.post(TOKENS, json={})

    assert responses.Failure().validate(answer.json) == {}
    assert responses.Failure().validate({"error": {**answer.json["error"], "code": "x"}})
