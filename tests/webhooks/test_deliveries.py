"""The log of deliveries."""

import logging

import pytest
import requests

from mockcbs.backend.memory import MemoryBackend
from mockcbs.webhooks import deliveries
from mockcbs.webhooks.deliveries import Deliveries, Queue
from mockcbs.webhooks.subscriptions import Subscription
from tests.webhooks.calls import BASE, chat

ENDPOINT = Subscription("wh_1", "http://127.0.0.1:9/", ("secret",))


@pytest.fixture
def kept():
    backend = MemoryBackend()
    return Deliveries(backend.documents, backend.outbox)


def add(kept: Deliveries, number: int):
    event = {"event_id": f"e{number}", "event_type": "message.sent", "bot_id": "1"}
    return kept.add(ENDPOINT, event, due=number, scope="s")


def test_too_many_waiting_deliveries_are_dropped_counted_and_logged(kept, monkeypatch, caplog):
    """Those of another endpoint or scope are not affected."""
    monkeypatch.setattr(deliveries, "MAX_WAITING", 3)
    caplog.set_level(logging.WARNING, "mockcbs")

    states = [add(kept, number).state for number in range(5)]

    assert states == ["pending"] * 3 + ["dropped"] * 2
    assert kept.total("s", "dropped") == 2
    assert "3 deliveries wait; further ones are dropped (1 so far)" in caplog.text
    other = Subscription("wh_2", "http://127.0.0.1:9/", ("secret",))
    event = {"event_id": "e0", "event_type": "message.sent", "bot_id": "1"}
    assert kept.add(other, event, due=0, scope="s").state == "pending"


def test_the_log_forgets_the_oldest_finished_deliveries(kept, monkeypatch):
    """Numbers of deliveries include the forgotten ones, and waiting ones are never forgotten."""
    monkeypatch.setattr(deliveries, "MAX_FINISHED", 20)
    add(kept, 0)

    for number in range(1, 40):
        kept.change(add(kept, number), "delivered")

    assert len(kept.select("s")) <= 22
    assert kept.find("e0.wh_1", "s").state == "pending"
    assert kept.total("s", "delivered") == 39
    assert kept.count(Queue("wh_1", "s"), "pending") == 1


def test_the_end_of_a_chat_leads_to_the_call_that_began_it(mock, receiver):
    """Also if nobody looked at the chat, so that no call caused its end directly."""
    mock.webhooks.subscribe(receiver.url)
    chat()
    mock.clock.advance(minutes=1)
    mock.webhooks.wait(4)
    client = mock.app.test_client()

    (entry,) = client.get("/_mockcbs/journal?operation=coze.create_chat").json["entries"]
    found = client.get("/_mockcbs/webhooks/deliveries?bot_id=7342866812345678901").json["deliveries"]
    of_chat = [one for one in found if '"user_id":"u1"' in one["body"]]

    assert len(of_chat) == 4
    assert {one["id"] for one in of_chat} == set(entry["deliveries"])
    assert {one["cause"] for one in of_chat} == {entry["id"]}


def test_the_publication_of_a_bot_leads_to_its_callback(mock, receiver):
    """A delivery of the vendor's own callbacks is linked as well."""
    mock.webhooks.subscribe(receiver.url, events=["bot.published"])
    headers = {"Authorization": "Bearer pat_mockcbs"}
    bot = requests.post(f"{BASE}/v1/bot/create", json={"space_id": "1", "name": "b"}, headers=headers).json()[
        "data"
    ]["bot_id"]
    body = {"bot_id": bot, "connector_ids": ["1024"]}
    requests.post(f"{BASE}/v1/bot/publish", json=body, headers=headers)
    mock.webhooks.wait(1)
    client = mock.app.test_client()

    (delivery,) = client.get("/_mockcbs/webhooks/deliveries").json["deliveries"]
    entry = client.get("/_mockcbs/journal").json["entries"][0]

    assert entry["deliveries"] == [delivery["id"]]
    assert delivery["cause"] == entry["id"]


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
    assert 'mockcbs_deliveries{state="delivered"} 2.0' in metrics
