"""Clients of this very mock and of other servers."""

from mockcbs import Mock
from mockcbs.reports.clients import Clients
from mockcbs.testing.webhooks import ReceiverServer
from mockcbs.web import context
from tests.reports.mocks import KINDS, made
from tests.reports.rows import run

TOKENS = "/open-apis/auth/v3/tenant_access_token/internal"
APP = {"app_id": "cli_mockcbs", "app_secret": "mockcbs-app-secret"}


def test_calls_to_this_mock_belong_to_the_request_at_hand():
    """A request notes the ids of the calls that it causes, and the journal has these calls."""
    with Mock() as mock, mock.app.test_request_context("/v1/workflow/run"):
        with Clients(mock.app).session("") as session:
            status = session.client.post(TOKENS, json=APP).status_code
        noted = list(context.current().calls)

    assert status == 200
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


def test_a_run_names_the_row_it_caused(tmp_path, kind):
    """The run's call in the journal names the row, and the calls that the node made for it."""
    with made(tmp_path, KINDS[kind]) as mock:
        run()
        client = mock.app.test_client()
        (call,) = client.get("/_mockcbs/journal?service=coze").json["entries"]
        nodes = [client.get(f"/_mockcbs/console/data/calls/{one}").json for one in call["calls"]]
        shown = client.get(f"/_mockcbs/console/data/calls/{call['id']}").json

    service, _, _, record = call["rows"][0].split("/")
    assert call["rows"] == shown["rows"]
    assert (service, len(call["rows"])) == (KINDS[kind].partition(",")[0], 1)
    assert {node["service"] for node in nodes} == {service}
    assert record in nodes[-1]["response"]["body"]
    assert all(not node["rows"] and not node["records"] for node in nodes)
