"""The live server inside a test process."""

import socket
import threading
import time

import pytest
import requests

from mockcbs.testing.live import LiveServer
from tests.conftest import BOT, NOW, PROJECT

PATH = f"/v1/{PROJECT}/qabots/{BOT}/requests/reply-rates"
TOKEN = {"X-Auth-Token": "any"}


@pytest.fixture(scope="module")
def server():
    with LiveServer(now=NOW) as server:
        yield server


def test_it_serves_and_is_controlled(server):
    """The server answers over a socket, and the test controls it without a token or a port."""
    server.reset()
    server.scenario("flaky-once")

    statuses = [requests.get(server.url + PATH, headers=TOKEN, timeout=10).status_code for _ in range(2)]

    assert statuses == [500, 200]
    server.verify("GET", "*/reply-rates", count=2)
    assert [entry.status for entry in server.journal] == statuses


def test_start_and_stop_take_no_time():
    """They cost under a second of processor time together, and nothing is left: no thread, no port."""
    began, threads = time.process_time(), set(threading.enumerate())

    with LiveServer(dataset="empty") as server:
        port = int(server.url.rpartition(":")[2])
        assert requests.get(f"{server.url}/_mockcbs/ready", timeout=10).ok

    assert time.process_time() - began < 2
    assert set(threading.enumerate()) <= threads
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 1)


def test_the_port_is_taken_before_it_is_told():
    """A connection made as soon as the port is known waits for the server; no port is lost between."""
    server = LiveServer(dataset="empty")
    host, port = server.url.removeprefix("http://").split(":")

    with socket.create_connection((host, int(port)), 5) as early, server:
        early.sendall(b"GET /_mockcbs/ready HTTP/1.1\r\nHost: a\r\n\r\n")
        assert early.recv(12) == b"HTTP/1.1 200"
