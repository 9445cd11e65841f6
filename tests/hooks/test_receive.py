"""Whose request it is, and whether it is acceptable."""

import threading

import pytest
from flask import request

from mockcbs import Settings, create_app, state
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


def test_what_calls_in_flight_record_does_not_outlast_a_reset(monkeypatch):
    """A question that is still being answered when a test resets the mock is unknown to the next test."""
    monkeypatch.setattr(state, "MAX_RESET_WAIT", 60)
    app = create_app(Settings(now="2026-11-22"))
    mock, began, go = app.extensions["mockcbs"], threading.Event(), threading.Event()

    @app.before_request
    def wait_in_a_question() -> None:
        if "qabots" in request.path:
            began.set()
            go.wait(60)

    chat = CBS.partition("/requests")[0] + "/chat"
    calls = [
        threading.Thread(target=app.test_client().post, args=(path,), kwargs=details)
        for path, details in (
            (chat, {"json": {"session_id": "", "question": "?"}, "headers": {"X-Auth-Token": "t"}}),
            ("/_mockcbs/reset", {}),
        )
    ]

    calls[0].start()
    assert began.wait(60)
    calls[1].start()
    calls[1].join(0.1)
    assert calls[1].is_alive()
    go.set()
    for call in calls:
        call.join()

    assert mock.log.recordings.bots(PROJECT) == []
    assert mock.journal.count() == 0


def test_ended_calls_are_not_waited_for(client, monkeypatch):
    """Whether a call succeeded, failed or was refused, a reset after it does not wait."""
    monkeypatch.setattr(state, "MAX_RESET_WAIT", 60)
    for path in (CBS, CBS + "&start_time=x", "/nowhere", CBS.replace("requests", "nowhere")):
        client.get(path)

    assert client.post("/_mockcbs/reset").status_code == 204
    assert client.application.extensions["mockcbs"].in_flight.wait(0)
