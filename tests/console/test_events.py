"""Server-sent events."""

import json
from itertools import islice

import pytest

from mockcbs import Settings, create_app
from mockcbs.console.events import stream
from mockcbs.core.errors import BackendError
from tests.conftest import NOW

COZE = {"Authorization": "Bearer pat_mockcbs"}


@pytest.fixture
def app():
    return create_app(Settings(now=NOW))


def hints(pieces):
    return [json.loads(piece.removeprefix(b"data: ")) for piece in pieces if piece.startswith(b"data: ")]


def test_a_hint_for_every_change(app):
    """A stream begins with the present state, then reports changes of calls, clock, scenario and data."""
    client, pieces = app.test_client(), iter(stream(app.extensions["mockcbs"], endless=True).response)

    first = hints(islice(pieces, 2))
    client.get("/v1/users/me", headers=COZE)
    second = hints(islice(pieces, 2))
    client.put("/_mockcbs/clock", json={"freeze": NOW - 1000})
    client.put("/_mockcbs/scenario", json={"scenario": "slow"})
    third = hints(islice(pieces, 2))

    client.put("/_mockcbs/seed", json={"seed": 7})
    fourth = hints(islice(pieces, 2))

    (begun,) = first
    assert begun == {"calls": 0, "mode": "frozen", "ahead": NOW, "scenario": None, "data": begun["data"]}
    assert [hint["calls"] for hint in second] == [1]
    assert [(hint["ahead"], hint["scenario"]) for hint in third] == [(NOW - 1000, "slow")]
    assert [hint["data"] != begun["data"] for hint in third + fourth] == [False, True]


def test_a_backend_out_of_reach(app, monkeypatch):
    """The stream outlives a database that is away for a while."""
    mock = app.extensions["mockcbs"]
    pieces = iter(stream(mock, endless=True).response)
    assert len(hints(islice(pieces, 1))) == 1

    def away(scope=None):
        raise BackendError("no database")

    with monkeypatch.context() as patch:
        patch.setattr(mock.scenarios, "run", away)
        app.test_client().get("/v1/users/me", headers=COZE)
        assert hints(islice(pieces, 3)) == []

    assert [hint["calls"] for hint in hints(islice(pieces, 1))] == [1]


def test_no_secret_is_in_a_hint(app):
    """Hints say that something changed, not what."""
    app.test_client().get("/v1/users/me", headers={"Authorization": "Bearer pat_hidden_token"})

    assert set(hints(islice(stream(app.extensions["mockcbs"], endless=True).response, 1))[0]) == {
        "calls",
        "mode",
        "ahead",
        "scenario",
        "data",
    }


def test_a_server_that_cannot_stream(app):
    """On another server the stream ends at once, and browsers connect again after a second."""
    response = app.test_client().get("/_mockcbs/console/events")

    assert response.mimetype == "text/event-stream"
    assert response.text.startswith("retry: 1000\ndata: ")
