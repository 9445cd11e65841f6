"""IAM: tokens, projects and the account (contract section 4)."""

import pytest

from tests.conftest import PROJECT
from tests.services.iam.logins import TOKENS, login


def test_a_project_token(client):
    """201, the token in its header, times 24 hours apart with six digits, members in documented order."""
    response = client.post(TOKENS, json=login(scope={"project": {"name": "cn-north-4"}}))

    token = response.json["token"]
    assert response.status_code == 201
    assert response.headers["X-Subject-Token"].startswith("MII")
    assert list(token) == ["catalog", "expires_at", "issued_at", "methods", "project", "roles", "user"]
    assert token["issued_at"] == "2026-11-22T00:00:00.000000Z"
    assert token["expires_at"] == "2026-11-23T00:00:00.000000Z"
    assert token["project"]["id"] == PROJECT
    assert token["roles"] == [{"id": "0", "name": "te_admin"}]
    assert token["user"]["password_expires_at"] == ""


@pytest.mark.parametrize("scope", [None, {"domain": {"name": "mockcbs"}}])
def test_an_account_token(client, scope):
    """A token without a project is scoped to the account."""
    token = client.post(TOKENS, json=login(scope=scope)).json["token"]

    assert "project" not in token
    assert token["domain"]["name"] == "mockcbs"


def test_nocatalog_empties_the_catalog(client):
    """Any non-empty value of nocatalog does."""
    full = client.post(TOKENS, json=login()).json["token"]["catalog"]
    none = client.post(f"{TOKENS}?nocatalog=x", json=login()).json["token"]["catalog"]

    assert full[0]["endpoints"][0]["interface"] == "public"
    assert none == []


def test_a_token_can_be_looked_at(strict):
    """GET returns the token and its content; an unknown or expired one is 404 (contract 4.2)."""
    created = strict.post(TOKENS, json=login(scope={"project": {"id": PROJECT}}))
    text = created.headers["X-Subject-Token"]

    read = strict.get(TOKENS, headers={"X-Auth-Token": text, "X-Subject-Token": text})
    unknown = strict.get(TOKENS, headers={"X-Auth-Token": text, "X-Subject-Token": text + "x"})

    assert (read.status_code, read.json) == (200, created.json)
    assert read.headers["X-Subject-Token"] == text
    assert unknown.status_code == 404
    assert unknown.json["error"]["message"] == "X-Subject-Token is invalid in the request"


def test_the_account(client):
    """GET /v3/auth/domains returns the account of the caller."""
    domains = client.get("/v3/auth/domains", headers={"X-Auth-Token": "t"}).json["domains"]

    assert [domain["name"] for domain in domains] == ["mockcbs"]
