"""A mock behind the response cache, and what its application is asked."""

import pytest
from flask import request

from mockcbs.services.cbs import views
from mockcbs.testing.controls import Controls
from tests.web.cache.reads import NOW


@pytest.fixture
def controls():
    return Controls(now=NOW)


@pytest.fixture
def computed(monkeypatch):
    """The queries that statistics were computed for.

    What the event loop gives up, as it would wait for a database, is computed in a thread afterwards.
    """
    queries, note = [], views.note_surprises

    def listening(mock, query, now):
        queries.append(query)
        note(mock, query, now)

    monkeypatch.setattr(views, "note_surprises", listening)
    return queries


@pytest.fixture
def dispatched(controls, monkeypatch):
    """The queries that Flask was asked."""
    queries, dispatch = [], controls.app.full_dispatch_request

    def listening(*context):
        queries.append(request.query_string.decode())
        return dispatch(*context)

    monkeypatch.setattr(controls.app, "full_dispatch_request", listening)
    return queries
