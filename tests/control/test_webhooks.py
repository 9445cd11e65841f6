"""The calls under /_mockcbs/webhooks."""

import pytest

from mockcbs import Mock
from mockcbs.testing.webhooks import ReceiverServer
from tests.webhooks.calls import NOW, chat


@pytest.fixture
def receiver():
    with ReceiverServer() as receiver:
        yield receiver


@pytest.fixture
def mock():
    with Mock(now=NOW) as mock:
        yield mock
        mock.state.close()


def test_control(mock, receiver):
    """Clients subscribe, read deliveries, deliver again and unsubscribe over HTTP."""
    client = mock.app.test_client()

    made = client.post("/_mockcbs/webhooks", json={"url": receiver.url, "events": ["message.sent"]})
    chat()
    mock.webhooks.wait(1)
    page = client.get("/_mockcbs/webhooks/deliveries?event_type=message.sent").json
    (delivery,) = page["deliveries"]
    again = client.post(f"/_mockcbs/webhooks/deliveries/{delivery['id']}/redeliver")
    mock.state.jobs.run()
    gone = client.delete(f"/_mockcbs/webhooks/{made.json['id']}")

    assert made.status_code == 201
    assert made.json["secret"] == "****"
    assert (again.status_code, gone.status_code) == (202, 204)
    assert delivery["attempts"][0]["status"] == 200
    assert [one.body for one in receiver.received] == [delivery["body"].encode()] * 2
    assert client.get("/_mockcbs/webhooks").json == {"webhooks": []}
    assert client.delete("/_mockcbs/webhooks/nothing").status_code == 404
