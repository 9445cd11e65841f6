"""The identities of IAM."""

from tests.conftest import PROJECT
from tests.services.iam.logins import TOKENS, login


def test_a_known_user_needs_their_password_even_when_open(client):
    """An open mock accepts unknown users, but a configured user needs the right password."""
    assert client.post(TOKENS, json=login(user="somebody", password="x")).status_code == 201
    assert client.post(TOKENS, json=login(password="x")).status_code == 401


def test_a_region_has_exactly_one_project(client):
    """SDKs find the project of their region by its name, and require exactly one."""
    found = client.get("/v3/projects?name=cn-north-4", headers={"X-Auth-Token": "t"}).json

    assert [project["id"] for project in found["projects"]] == [PROJECT]
    assert found["links"] == {
        "next": None,
        "previous": None,
        "self": "https://iam.myhuaweicloud.com/v3/projects",
    }
