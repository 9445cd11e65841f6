"""What is noted of every request."""

import logging

import pytest

from mockcbs import Settings, create_app
from tests.conftest import BOT, PROJECT

STATS = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats"
TOKEN = {"X-Auth-Token": "any"}


@pytest.fixture
def client():
    return create_app(Settings(now="2026-11-22")).test_client()


@pytest.fixture
def mock(client):
    return client.application.extensions["mockcbs"]


def test_every_request_is_in_journal_and_metrics(client, mock):
    """Successes, refusals, and requests that no route knows."""
    for path in (f"{STATS}?interval=day", f"{STATS}?interval=hour", "/nowhere"):
        client.get(path, headers=TOKEN)

    assert [entry.status for entry in mock.journal.entries()] == [404, 400, 200]
    assert sum(mock.tally.figures().calls.values()) == 3


def test_control_requests_leave_no_trace(client, mock):
    """A test that reads the journal does not find itself there."""
    client.get("/_mockcbs/journal")

    assert mock.journal.entries() == []


def test_refusals_and_unknown_names_are_logged(client, caplog):
    """A success is not: the log shows what needs attention."""
    with caplog.at_level(logging.INFO, "mockcbs"):
        client.get(f"{STATS}?interval=day", headers=TOKEN)
        client.get(f"{STATS}?interval=hour", headers=TOKEN)
        client.get(f"{STATS}?interval=day&tpo=3", headers=TOKEN)

    refusal, remark = caplog.messages
    assert refusal.startswith(f"400 CBS.0021 GET {STATS}: ")
    assert "parameter 'tpo' is ignored" in remark
