"""Noticing that a client disconnects while nothing is read."""

import asyncio
import socket
import sys

import pytest

from mockcbs.server.disconnect import Disconnect

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells of a client that disconnects"
)


def noticed(after, seconds: float = 30) -> bool:
    """Whether a watcher of one end is called within *seconds* after something has happened at the other."""

    async def watch() -> bool:
        ours, theirs = socket.socketpair()
        called = asyncio.Event()
        watcher = Disconnect(asyncio.get_running_loop(), ours, called.set)
        try:
            after(theirs, watcher)
            await asyncio.wait_for(called.wait(), seconds)
        except TimeoutError:
            return False
        else:
            return True
        finally:
            watcher.close()
            ours.close()
            theirs.close()

    return asyncio.run(watch())


def test_a_client_that_disconnects():
    """A disconnect is noticed, even after unread bytes."""
    assert noticed(lambda theirs, _: theirs.close())
    assert noticed(lambda theirs, _: (theirs.send(b"GET / HTTP/1.1\r\n"), theirs.close()))


def test_a_client_that_only_sends():
    """Bytes alone are not a disconnect."""
    assert not noticed(lambda theirs, _: theirs.send(b"GET / HTTP/1.1\r\n"), 0.3)


def test_after_the_end():
    """A watcher that has stopped is not called."""

    async def watch() -> bool:
        ours, theirs = socket.socketpair()
        called = asyncio.Event()
        Disconnect(asyncio.get_running_loop(), ours, called.set).close()
        theirs.close()
        await asyncio.sleep(0.05)
        ours.close()
        return called.is_set()

    assert not asyncio.run(watch())
