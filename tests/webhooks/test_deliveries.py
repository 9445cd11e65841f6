"""The log of deliveries."""

from tests.webhooks.calls import chat


def test_the_journal_and_the_metrics(mock, receiver):
    """A call leads to its deliveries and back; attempts are counted."""
    mock.webhooks.subscribe(receiver.url)
    chat()
    mock.webhooks.wait(2)
    client = mock.app.test_client()

    (entry,) = client.get("/_mockcbs/journal?operation=coze.create_chat").json["entries"]
    deliveries = client.get("/_mockcbs/webhooks/deliveries").json["deliveries"]
    metrics = client.get("/_mockcbs/metrics").text

    assert {delivery["id"] for delivery in deliveries} == set(entry["deliveries"])
    assert {delivery["cause"] for delivery in deliveries} == {entry["id"]}
    assert 'operation="webhook.deliver",service="webhook",status="200"} 2.0' in metrics
