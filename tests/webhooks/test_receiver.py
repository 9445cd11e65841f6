"""A receiver as senders meet it: over a real socket."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
from standardwebhooks import Webhook

from mockcbs.server.server import Server, bind
from mockcbs.webhooks.event_table import EventTable
from mockcbs.webhooks.receiver import Receiver
from mockcbs.webhooks.signatures import CozeSigner, StandardSigner

TOKEN = "mockcbs-verify-token"
EVENT = {"event_type": "message.sent", "event_id": "e1", "bot_id": "1", "trigger_time": 1766365200}


class Running:
    """A receiver on a free port, and its table."""

    def __init__(self, table: EventTable, url: str) -> None:
        self.table, self.url = table, url

    def post(self, body: bytes, headers: dict[str, str] | None = None) -> requests.Response:
        if headers is None:
            headers = CozeSigner(TOKEN).headers("e1", body, int(time.time() * 1000))
        return requests.post(self.url, data=body, headers=headers, timeout=10)


@contextmanager
def running(folder) -> Iterator[Running]:
    """A receiver with its database in *folder*."""
    table = EventTable(f"sqlite:///{folder / 'events.sqlite'}")
    listener = bind("127.0.0.1", 0)
    ready = threading.Event()
    server = Server(Receiver(table, [TOKEN, "older"]), on_ready=ready.set)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        assert ready.wait(10)
        yield Running(table, f"http://127.0.0.1:{listener.getsockname()[1]}/hook")
    finally:
        server.should_exit = True
        thread.join(10)
        table.close()


@pytest.fixture
def receiver(tmp_path) -> Iterator[Running]:
    with running(tmp_path) as receiver:
        yield receiver


def test_an_event_and_its_redelivery(receiver):
    """Both are answered 200; the event is stored once."""
    body = json.dumps(EVENT).encode()

    first, again = receiver.post(body), receiver.post(body)

    assert (first.status_code, first.json()) == (200, {"event_id": "e1", "new": True})
    assert (again.status_code, again.json()) == (200, {"event_id": "e1", "new": False})
    assert receiver.table.rows("SELECT event_id, trigger_time FROM events") == [
        {"event_id": "e1", "trigger_time": 1766365200000}
    ]


def test_signatures(receiver):
    """Either profile and an older secret are accepted; wrong, old and missing signatures are 401."""
    body, now = json.dumps(EVENT).encode(), int(time.time() * 1000)
    good = [
        CozeSigner("older").headers("e1", body, now),
        StandardSigner([TOKEN]).headers("e1", body, now),
        StandardSigner(["unknown", "older"]).headers("e1", body, now),
    ]
    bad = [
        {},
        CozeSigner("wrong").headers("e1", body, now),
        CozeSigner(TOKEN).headers("e1", body + b" ", now),
        CozeSigner(TOKEN).headers("e1", body, now - 301_000),
        StandardSigner(["wrong"]).headers("e1", body, now),
        StandardSigner([TOKEN]).headers("e1", body, now - 301_000),
    ]

    assert [receiver.post(body, headers).status_code for headers in good] == [200] * 3
    assert [receiver.post(body, headers).status_code for headers in bad] == [401] * 6


def test_the_challenge(receiver):
    """The check of the URL is answered as the vendor documents."""
    body = b'{"header":{"event_type":"url_verification","event_id":"x"},"event":{"challenge":"988df7dc"}}'

    assert receiver.post(body).json() == {"challenge": "988df7dc"}
    assert receiver.table.rows("SELECT * FROM events") == []


def test_what_is_no_event(receiver):
    """A body that is not an event gets 400 with the reason; other methods get 405."""
    refused = receiver.post(b"[]")

    assert (refused.status_code, refused.json()) == (400, {"error": "the body is a JSON list, not an object"})
    assert requests.get(receiver.url, timeout=10).status_code == 405


def test_a_body_that_is_too_large(receiver):
    """The response states the size as the reason, not the signature."""
    body = json.dumps({**EVENT, "note": "x" * 2_000_000}).encode()

    found = receiver.post(body)

    assert found.status_code == 413
    assert found.json() == {"error": "the body has more than 1,048,576 bytes, the limit here"}
    assert receiver.post(json.dumps({**EVENT, "note": "x" * 1_000_000}).encode()).status_code == 200


def test_the_reference_package_signs(receiver):
    """A sender that uses `standardwebhooks` is understood."""
    from datetime import UTC, datetime

    now, body, key = datetime.now(UTC), json.dumps(EVENT), "whsec_b2xkZXI="
    assert Webhook(key)._whsecret == b"older"
    headers = {
        "webhook-id": "e1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(key).sign("e1", now, body),
    }

    assert receiver.post(body.encode(), headers).status_code == 200
