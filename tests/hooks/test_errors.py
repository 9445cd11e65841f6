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
    """With --no-hints an error has no reason."""
    response = create_app(Settings(hints=False)).test_client().get("/v1/users/me")

    assert response.status_code == 401
    assert "X-Mockcbs-Reason" not in response.headers


def test_a_row_stays_as_it_is(client):
    """The prefix of one mock's gateway codes does not reach another's."""
    other = create_app(Settings(gateway_prefix="APIGW")).test_client()
    path = "/v3/projects"

    codes = [each.get(path).json["error_code"] for each in (other, client, other)]

    assert codes == ["APIGW.0301", "APIG.0301", "APIGW.0301"]


@pytest.mark.parametrize(
    ("method", "path", "route"),
    [
        ("GET", "/v1/conversation/list", "GET /v1/conversations: "),
        (
            "POST",
            "/v3/conversation/message/clear_context",
            "POST /v1/conversations/<conversation_id>/clear: ",
        ),
    ],
)
def test_a_retired_path_names_its_successor(method, path, route):
    """Old clients learn what to call now."""
    response = create_app().test_client().open(path, method=method, headers={"Authorization": "Bearer t"})

    assert response.status_code == 404
    assert f"nearest: {route}{path} is retired" in response.headers["X-Mockcbs-Reason"]


@pytest.mark.parametrize(
    ("path", "start"),
    [
        ("/v1/p/qabots/b/conversations", "/v1/<project_id>/"),
        ("/v1/conversations/1/chat/x", "/v1/conversation"),
    ],
)
def test_no_route_of_another_service_is_named(path, start):
    """The near misses of a service contain no route of another service."""
    response = create_app().test_client().get(path, headers={"X-Auth-Token": "t"})

    nearest = response.headers["X-Mockcbs-Reason"].partition("nearest: ")[2]
    assert all(route.split(" ", 1)[1].startswith(start) for route in nearest.split(" | ") if route != "none")


def test_an_error_names_the_member_that_was_probably_meant(client):
    """A misspelt member is the likely cause of a missing one."""
    path = "/v1/1604d8170cd84440a81281e5a3a04f8b/qabots/303a0a00-c88a-43e3-aa2f-d5b8b9832b02/chat"

    response = client.post(path, json={"qestion": "x"}, headers={"X-Auth-Token": "t"})

    assert response.json["error_code"] == "CBS.0022"
    assert response.headers["X-Mockcbs-Reason"] == (
        "question is missing; parameter 'qestion' is ignored; did you mean 'question'?"
    )
