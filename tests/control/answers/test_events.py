"""Responses about webhooks, deliveries and daily reports."""

from mockcbs.control.answers import events
from mockcbs.webhooks import service
from tests.conftest import NOW

SUBSCRIPTION = {"url": "http://127.0.0.1:9/", "challenge": False, "secret": "hide-me-well"}


def test_webhooks(client):
    """All members of a subscription; its secret is not shown."""
    made = client.post("/_mockcbs/webhooks", json=SUBSCRIPTION)
    listed = client.get("/_mockcbs/webhooks")

    assert events.Webhook().validate(made.json) == {}
    assert events.WebhookList().validate(listed.json) == {}
    assert "hide-me-well" not in made.text + listed.text


def test_deliveries(client):
    """Deliveries that wait and deliveries that were sent fit the schema."""
    client.post("/_mockcbs/webhooks", json=SUBSCRIPTION)
    webhooks = service.of(client.application)
    (one,) = webhooks.subscriptions.all()
    webhooks.deliveries.add(one, {"event_id": "e", "event_type": "message.sent"}, due=NOW, scope="")

    page = client.get("/_mockcbs/webhooks/deliveries").json

    assert events.DeliveryPage().validate(page) == {}
    assert page["deliveries"][0]["event_id"] == "e"


def test_past_events(client):
    """The response contains only the number of events."""
    span = {"bot_id": "7342866812345678901", "from": NOW - 3_600_000, "to": NOW}

    assert events.SentPast().validate(client.post("/_mockcbs/webhooks/send", json=span).json) == {}


def test_daily_reports(client):
    """A daily report is shown as it was requested, with the defaults filled in."""
    made = client.post("/_mockcbs/reports", json={"to": {"hook": "any-bot"}})
    listed = client.get("/_mockcbs/reports")

    assert events.DailyReport().validate(made.json) == {}
    assert events.ReportList().validate(listed.json) == {}
