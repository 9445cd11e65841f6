"""Reads of one connection, between which others have their turn."""

import asyncio
import socket
import threading

from mockcbs.server.limits import MAX_READ
from mockcbs.server.protocol import HttpProtocol
from mockcbs.server.reads import FairReads
from mockcbs.testing.live import LiveServer
from tests.docs.limits import row


@row("bytes read of one connection in a turn", "32 KB")
def test_one_connection_is_read_once_in_a_turn_of_the_loop(monkeypatch):
    """However much a client sends, after 32 KB other connections go first."""
    turns, reads = [0], []
    received = HttpProtocol.data_received

    def noted(protocol, data):
        reads.append((turns[0], len(data)))
        asyncio.get_running_loop().call_soon(lambda: turns.__setitem__(0, turns[0] + 1))
        received(protocol, data)

    monkeypatch.setattr(HttpProtocol, "data_received", noted)
    body = b" " * 4_000_000 + b"{}"
    head = f"POST /v3/chat HTTP/1.1\r\nHost: api.coze.com\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with LiveServer() as server:
        host, port = server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), 20) as client:
            client.sendall(head + body)
            answered = client.recv(64)

    full = [turn for turn, size in reads if size == MAX_READ]
    assert answered.startswith(b"HTTP/1.1 ")
    assert sum(size for _, size in reads) == len(head) + len(body)
    assert max(size for _, size in reads) <= MAX_READ
    assert len(full) == len(set(full))


class Received(FairReads):
    """Keeps what it receives."""

    def __init__(self):
        self.data = b""

    def data_received(self, data):
        self.data += data

    def read_next_turn(self):
        """Do nothing."""


def test_servers_in_two_threads_do_not_mix_what_they_receive():
    """While one loop fills its buffer, the loop of another thread fills another one."""
    one, other = Received(), Received()

    def receive_other() -> None:
        other.get_buffer(-1)[:5] = b"other"
        other.buffer_updated(5)

    one.get_buffer(-1)[:3] = b"one"
    thread = threading.Thread(target=receive_other)
    thread.start()
    thread.join()
    one.buffer_updated(3)

    assert (one.data, other.data) == (b"one", b"other")
