"""Whose request it is, and whether it is acceptable."""

import pytest

from mockcbs import Settings, create_app
from mockcbs.web.context import KEY, Context

PROJECT = "1604d8170cd84440a81281e5a3a04f8b"
CBS = f"/v1/{PROJECT}/qabots/303a0a00-c88a-43e3-aa2f-d5b8b9832b02/requests/session-stats?interval=week"


@pytest.fixture
def client():
    return create_app(Settings(now="2026-11-22")).test_client()


def entry(client):
    return client.get("/_mockcbs/journal?limit=1").json["entries"][0]


def test_service_and_project_are_noted(client):
    """The journal has the service of a request, the project in its path, and a digest of its token."""
    client.get(CBS, headers={"X-Auth-Token": "hush-hush"})

    noted = entry(client)

    assert (noted["service"], noted["project"]) == ("cbs", PROJECT)
    assert noted["credential"].startswith("token:")


@pytest.mark.parametrize(
    ("path", "status", "media_type"),
    [
        (CBS, 413, "application/json"),
        ("/v1/users/me", 413, "application/json"),
        ("/nobody/knows", 413, "application/json"),
        ("/_mockcbs/health", 413, "application/problem+json"),
    ],
)
def test_wire_problem(client, path, status, media_type):
    """The service of a request, or the default one, answers what the server refuses."""
    refused = client.get(path, environ_overrides={KEY: Context(wire_problem="body too large")})

    assert (refused.status_code, refused.mimetype) == (status, media_type)


@pytest.mark.parametrize("path", ["/v1/users/me", "/_mockcbs/health"])
def test_head_is_no_get(client, path):
    """HEAD is a method that no service and no route of mockcbs supports."""
    refused = client.head(path, headers={"Authorization": "Bearer pat_mockcbs"})

    assert refused.status_code in {404, 405}
