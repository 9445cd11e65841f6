"""Accepting connections."""

import asyncio
import socket
import threading

import requests

from mockcbs.server.accepting import Acceptor
from mockcbs.server.server import bind
from tests.server.connections import PATH


def test_new_clients_are_accepted_many_at_once():
    """All waiting clients are accepted in one turn of the event loop, also with uvloop."""

    async def scene():
        listener = bind("127.0.0.1", 0)
        made = []
        clients = [socket.create_connection(listener.getsockname()) for _ in range(20)]
        acceptor = Acceptor(listener, lambda: made.append(1) or asyncio.Protocol(), None, 64)
        acceptor._accept()
        await asyncio.sleep(0)
        accepted = len(acceptor._connecting) + len(made)
        acceptor.close()
        await acceptor.wait_closed()
        for client in clients:
            client.close()
        listener.close()
        return accepted

    assert asyncio.run(scene()) >= 20


def test_hundreds_of_new_clients_beside_busy_ones(server):
    """Clients that open a connection for every request are served while others keep the server busy."""
    stop = threading.Event()

    def keep_busy():
        with requests.Session() as session:
            while not stop.is_set():
                session.get(server.url + PATH, headers={"X-Auth-Token": "t"}, timeout=10)

    busy = [threading.Thread(target=keep_busy) for _ in range(4)]
    for thread in busy:
        thread.start()
    try:
        statuses = {
            requests.get(server.url + PATH, headers={"X-Auth-Token": "t"}, timeout=10).status_code
            for _ in range(50)
        }
    finally:
        stop.set()
        for thread in busy:
            thread.join()

    assert statuses == {200}
