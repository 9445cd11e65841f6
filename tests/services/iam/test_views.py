"""IAM: tokens, projects and the account (contract section 4)."""

import pytest

from mockcbs import Settings, create_app
from tests.conftest import NOW, PROJECT

TOKENS = "/v3/auth/tokens"


def login(user="mockcbs", password="mockcbs", domain="mockcbs", scope=None, methods=("password",)):
    secret = {"user": {"name": user, "password": password, "domain": {"name": domain}}}
    auth = {"identity": {"methods": list(methods), "password": secret}}
    return {"auth": auth if scope is None else {**auth, "scope": scope}}


@pytest.fixture
def strict():
    return create_app(Settings(dataset="empty", now=NOW, strict=True)).test_client()


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
    """Without a project the token is scoped to the account."""
    token = client.post(TOKENS, json=login(scope=scope)).json["token"]

    assert "project" not in token
    assert token["domain"]["name"] == "mockcbs"


def test_nocatalog_empties_the_catalog(client):
    """Any non-empty value of nocatalog does."""
    full = client.post(TOKENS, json=login()).json["token"]["catalog"]
    none = client.post(f"{TOKENS}?nocatalog=x", json=login()).json["token"]["catalog"]

    assert full[0]["endpoints"][0]["interface"] == "public"
    assert none == []


@pytest.mark.parametrize(
    "wrong", [{"password": "x"}, {"user": "x"}, {"domain": "x"}, {"scope": {"project": {"name": "mars-1"}}}]
)
def test_wrong_credentials(strict, wrong):
    """G-17: bad user, password, domain or scope are all the same to IAM."""
    response = strict.post(TOKENS, json=login(**wrong))

    assert response.status_code == 401
    assert response.json == {
        "error": {"code": 401, "message": "The username or password is wrong.", "title": "Unauthorized"}
    }


def test_a_known_user_needs_their_password_even_when_open(client):
    """Open, unknown users come in on trust; our own must know the password."""
    assert client.post(TOKENS, json=login(user="somebody", password="x")).status_code == 201
    assert client.post(TOKENS, json=login(password="x")).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        b'{"auth":{}}',
        rb'{"auth":{"identity":{"methods":["\ud800"]}}}',
        b'{"auth":{"identity":{"methods":["token"]}}}',
        b'{"auth":{"identity":{"methods":"password"}}}',
        b'{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":1}}}}}',
    ],
)
def test_broken_bodies(client, body):
    """G-18, whatever is broken; the reason says what."""
    response = client.post(TOKENS, data=body)

    assert response.status_code == 400
    assert response.json == {
        "error": {"code": 400, "message": "The request body is invalid", "title": "Bad Request"}
    }
    assert response.headers["X-Mockcbs-Reason"]


def test_a_token_can_be_looked_at(strict):
    """GET echoes the token and what it says; an unknown or expired one is 404 (contract 4.2)."""
    created = strict.post(TOKENS, json=login(scope={"project": {"id": PROJECT}}))
    text = created.headers["X-Subject-Token"]

    read = strict.get(TOKENS, headers={"X-Auth-Token": text, "X-Subject-Token": text})
    unknown = strict.get(TOKENS, headers={"X-Auth-Token": text, "X-Subject-Token": text + "x"})

    assert (read.status_code, read.json) == (200, created.json)
    assert read.headers["X-Subject-Token"] == text
    assert unknown.status_code == 404
    assert unknown.json["error"]["message"] == "X-Subject-Token is invalid in the request"


def test_a_region_has_exactly_one_project(client):
    """SDKs find the project of their region by its name, and want exactly one."""
    found = client.get("/v3/projects?name=cn-north-4", headers={"X-Auth-Token": "t"}).json

    assert [project["id"] for project in found["projects"]] == [PROJECT]
    assert found["links"] == {
        "next": None,
        "previous": None,
        "self": "https://iam.myhuaweicloud.com/v3/projects",
    }


def test_project_filters(client):
    """Without a name all projects come, by pages; filters that fit none leave none."""
    headers = {"X-Auth-Token": "t"}
    projects = client.get("/v3/projects", headers=headers).json["projects"]

    first = client.get("/v3/projects?page=1&per_page=2", headers=headers).json["projects"]
    second = client.get("/v3/projects?page=2&per_page=2", headers=headers).json["projects"]
    none = client.get("/v3/projects?domain_id=x", headers=headers).json["projects"]
    bad = client.get("/v3/projects?per_page=5001", headers=headers)

    assert first + second == projects[:4]
    assert none == client.get("/v3/projects?enabled=false", headers=headers).json["projects"] == []
    assert bad.status_code == 400
    assert client.get("/v3/projects").status_code == 401


def test_the_account(client):
    """GET /v3/auth/domains tells the account of the caller."""
    domains = client.get("/v3/auth/domains", headers={"X-Auth-Token": "t"}).json["domains"]

    assert [domain["name"] for domain in domains] == ["mockcbs"]
