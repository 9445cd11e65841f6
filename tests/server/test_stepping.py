"""Carrying out a delivery on the event loop, step by step."""

import asyncio
import socket

import pytest

from mockcbs.faults.delivery import End
from mockcbs.faults.swap import Held
from mockcbs.server import stepping
from mockcbs.server.stepping import Stepping


class Flow:
    """Whether the client reads."""

    write_paused = False


class Transport:
    """A connection that notes the calls on it."""

    def __init__(self):
        self.done = []
        self.ours, self.theirs = socket.socketpair()

    def write(self, data):
        self.done.append(data)

    def close(self):
        self.done.append("close")

    def abort(self):
        self.done.append("abort")

    def get_extra_info(self, name):
        return self.ours if name == "socket" else None


@pytest.fixture
def transport():
    made = Transport()
    yield made
    made.ours.close()
    made.theirs.close()


def run(transport, steps, during=lambda *_: None, *, keep_alive=True, seconds=30):
    """What was done within *seconds*, in the end with whether the connection lives on."""
    flow = Flow()

    async def deliver():
        over = asyncio.Event()

        def then(alive):
            transport.done.append(alive)
            over.set()

        stepping = Stepping(asyncio.get_running_loop(), transport, flow, then)
        stepping.start(iter(steps), keep_alive=keep_alive)
        assert stepping
        during(stepping, flow)
        try:
            async with asyncio.timeout(seconds):
                await over.wait()
        except TimeoutError:
            stepping.close()
        assert not stepping

    asyncio.run(deliver())
    return transport.done


@pytest.mark.parametrize("keep_alive", [True, False])
def test_bytes_and_pauses_in_their_order(transport, keep_alive):
    """At the end, the callback gets whether the connection stays open."""
    assert run(transport, [b"a", 0.01, b"b"], keep_alive=keep_alive) == [b"a", b"b", keep_alive]


@pytest.mark.parametrize(("how", "done"), [(End.CLOSE, "close"), (End.RESET, "abort")])
def test_a_connection_ends_in_the_middle(transport, how, done):
    """Nothing follows."""
    assert run(transport, [b"a", how, b"b"], seconds=0.1) == [b"a", done]


def test_a_client_that_does_not_read_is_waited_for(transport):
    """The next step follows when the client reads again."""

    def stop_reading(stepping, flow):
        del stepping
        flow.write_paused = True
        asyncio.get_running_loop().call_later(0.03, setattr, flow, "write_paused", False)

    assert run(transport, [b"a", b"b"], stop_reading) == [b"a", b"b", True]


def test_a_swap_ends_the_wait(transport, monkeypatch):
    """Two calls that exchange their bodies continue at once."""
    monkeypatch.setattr(stepping, "SWAP_TIMEOUT", 1000)
    held = Held(b"mine", b"other")

    def exchange(stepping, flow):
        del stepping, flow
        asyncio.get_running_loop().call_later(0.01, held.exchange, b"theirs")

    def steps():
        yield held
        yield held.body

    assert run(transport, steps(), exchange) == [b"theirs", True]


def test_no_step_is_taken_after_a_stop(transport):
    """After a stop no further step is taken."""

    def stop(stepping, flow):
        del flow
        asyncio.get_running_loop().call_later(0.01, stepping.close)

    assert run(transport, [b"a", 0.05, b"b"], stop, seconds=0.2) == [b"a"]
