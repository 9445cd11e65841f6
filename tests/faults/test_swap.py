"""Where answers meet to be exchanged."""

from mockcbs.faults.delivery import Delivery
from mockcbs.faults.swap import Swaps

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX: y\r\n\r\n"


def test_two_meet():
    """The second takes the first's answer at once, and leaves its own."""
    swaps, told = Swaps(), []
    own, held = swaps.meet(b"one", may_wait=True)
    held.on_exchange = lambda: told.append(held.body)

    taken, waits = swaps.meet(b"two", may_wait=True)

    assert (own, taken, waits) == (b"one", b"one", None)
    assert told == [b"two"]


def test_nobody_comes():
    """A response that waited in vain is replaced by the one before it, and swaps with no later one."""
    swaps = Swaps()
    swaps.meet(b"zero", may_wait=False)
    _, held = swaps.meet(b"one", may_wait=True)

    steps = list(Delivery(held=held).steps(HEAD, b"one"))
    _, next_held = swaps.meet(b"two", may_wait=True)

    assert steps[1:] == [HEAD.replace(b"Content-Length: 3\r\nX: y", b"Content-Length: 4\r\nX: y"), b"zero"]
    assert next_held.body == b"one"


def test_where_nothing_can_wait():
    """Where calls cannot wait, each receives the response of the one before it; the first receives its
    own.
    """
    swaps = Swaps()

    assert [swaps.meet(body, may_wait=False)[0] for body in (b"one", b"two", b"three")] == [
        b"one",
        b"one",
        b"two",
    ]
