"""The steps by which broken answers are delivered."""

import pytest

from mockcbs.faults.delivery import GARBAGE, MAX_SILENCE, Delivery, End

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nServer: x\r\n\r\n"
BODY = b"0123456789"


@pytest.mark.parametrize(
    ("delivery", "steps"),
    [
        (Delivery(), [HEAD, BODY]),
        (Delivery(delay=0.5), [0.5, HEAD, BODY]),
        (Delivery(wire="reset"), [End.RESET]),
        (Delivery(wire="reset-upload"), [End.RESET]),
        (Delivery(delay=0.5, wire="reset"), [0.5, End.RESET]),
        (Delivery(wire="empty-reply"), [End.CLOSE]),
        (Delivery(wire="garbage"), [GARBAGE, End.CLOSE]),
        (Delivery(wire="truncated-body"), [HEAD + b"01234", End.CLOSE]),
        (Delivery(wire="no-answer"), [MAX_SILENCE, End.CLOSE]),
        (
            Delivery(wire="truncated-chunk"),
            [
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nServer: x\r\n\r\nb\r\n01234",
                End.CLOSE,
            ],
        ),
    ],
)
def test_steps(delivery, steps):
    """A delivery has the stated writes, pauses and end, in order."""
    assert list(delivery.steps(HEAD, BODY)) == steps


def test_a_pace_is_kept():
    """At 100 bytes a second, ten bytes take a tenth of a second, in any number of pieces."""
    steps = list(Delivery(bytes_per_second=100).steps(HEAD, BODY))

    assert b"".join(step for step in steps if isinstance(step, bytes)) == HEAD + BODY
    assert sum(step for step in steps if isinstance(step, float)) == pytest.approx(0.05)


def test_slow_headers_come_in_pieces():
    """Slow headers arrive in small pieces, and completely."""
    steps = list(Delivery(wire="slow-headers").steps(HEAD, BODY))

    assert b"".join(step for step in steps if isinstance(step, bytes)) == HEAD + BODY
    assert len(steps) > 5
