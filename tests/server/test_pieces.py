"""The pieces of a response that is sent as it is made."""

import asyncio
import threading

import pytest

from mockcbs.server.pieces import pieces
from mockcbs.web.json import PacedStream


def made_in(stream, *, in_threads):
    async def read():
        loop = asyncio.get_running_loop()
        return [piece async for piece in pieces(stream, loop, in_threads=in_threads)]

    return asyncio.run(read())


@pytest.mark.parametrize(
    ("slow", "in_threads", "elsewhere"), [(False, False, False), (True, False, True), (False, True, True)]
)
def test_slow_pieces_are_made_in_threads(slow, in_threads, elsewhere):
    """Slow pieces are computed in threads, so that the event loop continues; all arrive in order."""
    threads = set()

    def make():
        for number in range(3):
            threads.add(threading.current_thread() is not threading.main_thread())
            yield f"{number}".encode()

    stream = PacedStream(make(), slow=slow)

    assert made_in(stream, in_threads=in_threads) == [b"0", b"1", b"2"]
    assert threads == {elsewhere}
