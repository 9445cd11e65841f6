"""What is received and not parsed yet."""

from hypothesis import given
from hypothesis import strategies as st

from mockcbs.server.backlog import Backlog
from mockcbs.server.limits import MAX_PARSED
from tests.server.requests import read

SHORTEST = b"GET / HTTP/1.0\r\n\r\n"
LINES = st.sampled_from([b"\r\n\r\n", b"\r\n", b"\n", b"\r", b"a", SHORTEST])


def taken(backlog):
    return list(iter(backlog.take, b""))


@given(st.lists(st.lists(LINES, max_size=60).map(b"".join), max_size=4))
def test_nothing_is_lost(received):
    """All bytes are taken once and in order, with a few requests at a time."""
    backlog = Backlog()
    for data in received:
        backlog.add(data)

    parts = taken(backlog)

    assert b"".join(parts) == b"".join(received)
    assert all(part.count(b"\r\n\r\n") <= MAX_PARSED for part in parts)
    assert not backlog


def test_each_part_has_few_requests():
    """A thousand requests come in parts of 16 whole ones."""
    backlog = Backlog()
    backlog.add(SHORTEST.replace(b"1.0", b"1.1\r\nHost: a") * 1000)

    counts = [len(read(part)[0]) for part in taken(backlog)]

    assert counts == [MAX_PARSED] * 62 + [8]


def test_a_body_is_taken_whole():
    """Blank lines of a body are no ends of requests; those of the requests behind it are."""
    backlog = Backlog()
    backlog.add(b"\r\n\r\n" * 1000 + SHORTEST * 20)

    parts = [backlog.take(4000), *taken(backlog)]

    assert parts == [b"\r\n\r\n" * 1000 + SHORTEST * 16, SHORTEST * 4]


def test_what_waits_can_be_dropped():
    """A connection that is gone keeps no bytes."""
    backlog = Backlog()
    backlog.add(SHORTEST * 100)
    backlog.take()

    backlog.clear()

    assert (len(backlog), backlog.take()) == (0, b"")
