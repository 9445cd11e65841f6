"""The log of calls: remarks once a client, and every call on request."""

import logging

import pytest

from mockcbs import Mock
from mockcbs.journal.call_log import access
from tests.conftest import BOT, PROJECT

PATH = f"/v1/{PROJECT}/qabots/{BOT}/requests/reply-rates"


@pytest.fixture
def call():
    mock = Mock(now="2026-11-22")

    def get(query="", token="a", path=PATH):
        return mock.app.test_client().get(f"{path}?{query}", headers={"X-Auth-Token": token})

    get.mock = mock
    return get


@pytest.fixture
def _with_access_log():
    access.setLevel(logging.INFO)
    yield
    access.setLevel(logging.WARNING)


def test_a_remark_is_made_once_for_each_client(call, caplog):
    """A remark on a success is logged once for each client and again after a reset; errors always are."""
    caplog.set_level(logging.INFO, "mockcbs")

    for token in ("a", "a", "b", "a"):
        assert call("inteval=day", token).status_code == 200
    remarks = [message for message in caplog.messages if "'inteval' is ignored" in message]
    call.mock.reset()
    call("inteval=day")
    errors = [call("interval=century").status_code for _ in range(2)]

    assert len(remarks) == 2
    assert len([message for message in caplog.messages if "'inteval' is ignored" in message]) == 3
    assert errors == [400, 400]
    assert len([message for message in caplog.messages if message.startswith("400 CBS.0021")]) == 2


@pytest.mark.usefixtures("_with_access_log")
def test_every_call_on_request(call, caplog):
    """The access log has a line and the fields of every call, without its secrets."""
    assert call("interval=week", "secret-token").status_code == 200

    (record,) = [record for record in caplog.records if record.name == "mockcbs.access"]
    assert record.getMessage().startswith(f"200 GET {PATH}?interval=week (")
    assert record.call["operation"] == "cbs.reply_rates"
    assert record.call["query"] == {"interval": "week"}
    assert "secret-token" not in str(record.__dict__)


@pytest.mark.usefixtures("_with_access_log")
@pytest.mark.parametrize("query", ["interval=century", "inteval=day&timezone=UTC"])
def test_one_line_for_a_call(call, caplog, query):
    """In the access log, the line of a call contains its error or all its remarks, and no other line does."""
    caplog.set_level(logging.INFO, "mockcbs")

    call(query)

    (message,) = caplog.messages
    named = ["CBS.0021"] if "century" in query else ["'inteval' is ignored", "'timezone' is ignored"]
    assert all(part in message for part in named)


def test_no_line_for_a_success(call, caplog):
    """A success is not logged without the access log."""
    caplog.set_level(logging.INFO, "mockcbs")

    assert call("interval=week").status_code == 200

    assert caplog.messages == []
