"""Emulated errors, and those of mockcbs itself."""

import pytest

from mockcbs import Settings, create_app


@pytest.fixture
def client():
    return create_app(Settings(now="2026-11-22")).test_client()


def test_unrouted_of_a_service(client):
    """A path that no route takes gets the error of the service it was meant for, with the near misses."""
    response = client.get("/v1/users/mee")

    assert (response.status_code, response.json["code"]) == (404, 4000)
    assert "nearest: GET /v1/users/me" in response.headers["X-Mockcbs-Reason"]


def test_unrouted_of_nobody(client):
    """A path of no service is a problem of mockcbs, with the near misses as a member."""
    response = client.get("/nobody/knows")

    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    assert response.json["title"] == "Not Found"
    assert isinstance(response.json["nearest"], list)


def test_no_hints():
    """Without hints an error has no reason beside it."""
    response = create_app(Settings(hints=False)).test_client().get("/v1/users/me")

    assert response.status_code == 401
    assert "X-Mockcbs-Reason" not in response.headers


def test_a_row_stays_as_it_is(client):
    """The prefix of one mock's gateway codes does not reach another's."""
    other = create_app(Settings(gateway_prefix="APIGW")).test_client()
    path = "/v3/projects"

    codes = [each.get(path).json["error_code"] for each in (other, client, other)]

    assert codes == ["APIGW.0301", "APIG.0301", "APIGW.0301"]
