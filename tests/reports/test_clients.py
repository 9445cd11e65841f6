"""Clients of the mock itself and of other servers."""

from mockcbs import Mock
from mockcbs.reports.clients import Clients
from mockcbs.testing.webhooks import ReceiverServer
from mockcbs.web import context

APP = {"app_id": "cli_mockcbs", "app_secret": "mockcbs-app-secret"}


def test_calls_to_this_mock_belong_to_the_request_at_hand():
    """The request on whose behalf a call is made notes it; the call is in the journal as one of its own."""
    with Mock() as mock, mock.app.test_request_context("/v1/workflow/run"):
        with Clients(mock.app).session("") as session:
            token = session.feishu_token(APP)
            again = session.feishu_token(APP)
        noted = list(context.current().calls)

    assert token == again
    assert noted == [entry.id for entry in mock.journal]
    assert [entry.service for entry in mock.journal] == ["feishu"]


def test_sessions_are_shared():
    """Calls to one server share a session, and with it their tokens."""
    with ReceiverServer() as receiver, Clients(Mock().app).sessions() as session_of:
        same = session_of(receiver.url) is session_of(receiver.url)
        other = session_of("") is session_of(receiver.url)
        status = session_of(receiver.url).client.post("/", content=b"x").status_code

    assert (same, other, status) == (True, False, 200)
    assert [one.body for one in receiver.received] == [b"x"]
