"""Webhooks in tests: waiting, and an endpoint that fails on purpose."""

import asyncio

import pytest
import requests

from mockcbs import Mock
from mockcbs.testing.webhooks import ReceiverServer

BOT = "7342866812345678901"


@pytest.fixture
def receiver():
    with ReceiverServer() as receiver:
        yield receiver


def test_an_endpoint_answers_as_a_test_wants(receiver):
    """Statuses in turn, then one for good; only what it accepts is an event."""
    receiver.answer(500, 410, always=200)
    receiver.respond_with(b'{"ok":true}')

    found = [
        requests.post(receiver.url, json={"event_id": name, "event_type": "x"}, timeout=5) for name in "abcc"
    ]

    assert [one.status_code for one in found] == [500, 410, 200, 200]
    assert found[0].json() == {"ok": True}
    assert [event["event_id"] for event in receiver.events] == ["c"]
    receiver.clear()
    assert receiver.received == []


def test_the_challenge_is_answered_and_not_kept(receiver):
    """The receiver answers the challenge with which Coze checks a URL, and does not keep it."""
    body = {"header": {"event_type": "url_verification"}, "event": {"challenge": "xyz"}}

    assert requests.post(receiver.url, json=body, timeout=5).json() == {"challenge": "xyz"}
    assert receiver.received == []


def test_waiting_for_what_does_not_come(receiver):
    """The error lists the deliveries that have arrived."""
    with Mock(dataset="empty") as mock:
        mock.webhooks.subscribe(receiver.url, events=["session.started"])
        with pytest.raises(AssertionError, match=r"0 of 1 events were delivered within 0\.1 s"):
            mock.webhooks.wait(1, timeout=0.1)
        with pytest.raises(AssertionError, match=r"0 of 1 events arrived within 0\.1 s: none"):
            receiver.wait(1, timeout=0.1)
        mock.state.close()


def test_waiting_in_a_coroutine(receiver):
    """A test that is a coroutine waits like any other, and its mock closes inside it, too."""

    async def run() -> int:
        with Mock(dataset="empty") as mock:
            mock.webhooks.subscribe(receiver.url)
            mock.ask(BOT, "hello", user="u1")
            found = mock.webhooks.wait(4)
            mock.state.close()
            return len(found)

    assert asyncio.run(run()) == len(receiver.events) == 4


def test_an_endpoint_in_the_event_loop_of_the_test():
    """An endpoint in the coroutine's own event loop gets deliveries while the coroutine waits in a thread."""
    requests_seen = []

    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        requests_seen.append(await reader.readexactly(int(head.split("content-length:")[1].split()[0])))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async def run() -> None:
        async with await asyncio.start_server(respond, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            with Mock(dataset="empty") as mock:
                mock.webhooks.subscribe(f"http://127.0.0.1:{port}/", challenge=False)
                mock.ask(BOT, "hello", user="u1")
                await asyncio.to_thread(mock.webhooks.wait, 4)
                mock.state.close()

    asyncio.run(run())

    assert len(requests_seen) == 4
