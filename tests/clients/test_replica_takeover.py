"""A replica that is killed while it does the work that one must do: another goes on."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg
import pytest
import requests

from mockcbs.testing.webhooks import ReceiverServer
from tests.databases import postgresql_server


class SlowReceiver(ReceiverServer):
    """Responds to nothing before it may."""

    def __init__(self):
        self.begun, self.may = threading.Event(), threading.Event()
        super().__init__()

    def __call__(self, environ, start_response):
        """Respond to one delivery."""
        self.begun.set()
        self.may.wait(30)
        return super().__call__(environ, start_response)


BOT = "7342866812345678901"
COZE = {"Authorization": "Bearer pat_mockcbs"}
SECONDS = 15.0
"""The time in which a lease passes on, in s (docs/replicas.md)."""


@contextmanager
def replica(state: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A process that serves the mock; its URL."""
    command = [sys.executable, "-m", "mockcbs", "serve", "--quiet", "--port", "0"]
    environment = {**os.environ, "MOCKCBS_STATE": state}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def holders(url: str) -> dict[str, str]:
    """Who does which job, as far as leases run."""
    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute("SELECT name, holder FROM takeover.leases WHERE until > clock_timestamp()")
        return {name: holder for name, holder in rows if not name.startswith("postgres.")}


def chat(url: str) -> None:
    """Ask a bot, which is an event."""
    body = {"bot_id": BOT, "user_id": "u", "additional_messages": []}
    assert requests.post(f"{url}/v3/chat", json=body, headers=COZE, timeout=20).json()["code"] == 0


@pytest.mark.databases
@pytest.mark.timeout(180)
def test_another_replica_takes_the_leases_of_one_that_is_killed():
    """Within 15 s the other replica has every lease and delivers all events, also those in delivery."""
    with postgresql_server() as database, SlowReceiver() as receiver, ExitStack() as stack:
        state = f"{database.url}?schema=takeover"
        one, process = stack.enter_context(replica(state))
        while len(before := holders(database.url)) < 2:
            time.sleep(0.1)
        other, _ = stack.enter_context(replica(state))
        subscription = {"url": receiver.url, "profile": "standard", "challenge": False}
        made = requests.post(f"{one}/_mockcbs/webhooks", json=subscription, headers=COZE, timeout=20)
        chat(one)
        assert receiver.begun.wait(60)

        process.send_signal(signal.SIGKILL)
        killed = time.monotonic()
        receiver.may.set()
        (in_delivery,) = receiver.wait(1)
        receiver.clear()
        chat(other)
        after: dict[str, str] = {}
        while time.monotonic() < killed + SECONDS and not (before.keys() <= after.keys()):
            time.sleep(0.2)
            after = {
                name: holder for name, holder in holders(database.url).items() if before.get(name) != holder
            }
        while time.monotonic() < killed + 2 * SECONDS and in_delivery not in receiver.events:
            time.sleep(0.2)
        events = receiver.wait(3)

    assert made.status_code < 300, made.text
    assert {"webhooks", "reports"} <= before.keys()
    assert after.keys() >= before.keys()
    assert in_delivery in events
