"""Faults below HTTP: how the bytes of an answer reach the client, as steps for the owner of the socket."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from mockcbs.faults.scenario import Wire
from mockcbs.faults.swap import Held

MAX_SILENCE = 300.0
"""Seconds after which even a call that gets no answer is given up."""

GARBAGE = b"\x16\x03\x01\xff\xfe this is not HTTP\r\n\r\n"

_PIECE = 0.05
"""Seconds between two pieces of a slow answer, about."""
_SLOW_HEADERS = 200.0
"""Bytes of a slow head per second."""


class End(Enum):
    """How a delivery ends when the connection does not live on."""

    RESET = "reset"
    CLOSE = "close"


Step = bytes | float | Held | End
"""Bytes to write, seconds to wait, an exchange to wait for, or the end."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an answer is to be delivered."""

    delay: float = 0.0
    """Seconds before its first byte."""
    bytes_per_second: float | None = None
    """The pace of its body."""
    wire: Wire | None = None
    held: Held | None = None
    """How its body waits for another's."""

    def steps(self, head: bytes, body: bytes) -> Iterator[Step]:
        """What to do, one after the other; *head* ends with its blank line."""
        if self.held:
            yield self.held
            self.held.waits = False
            body = self.held.body
            head = _with_length(head, len(body))
        if self.delay:
            yield self.delay
        if self.wire is None:
            yield head
            yield from _paced(body, self.bytes_per_second)
        elif self.wire == "slow-headers":
            yield from _paced(head, _SLOW_HEADERS)
            yield from _paced(body, self.bytes_per_second)
        else:
            yield from _broken(self.wire, head, body)


def _broken(wire: Wire, head: bytes, body: bytes) -> Iterator[Step]:
    if wire == "reset":
        yield End.RESET
        return
    if wire == "no-answer":
        yield MAX_SILENCE
    elif wire == "garbage":
        yield GARBAGE
    elif wire == "truncated-body":
        yield head + body[: len(body) // 2]
    elif wire == "truncated-chunk":
        yield _chunked(head) + b"%x\r\n" % (len(body) + 1) + body[: len(body) // 2]
    yield End.CLOSE


def _paced(content: bytes, per_second: float | None) -> Iterator[Step]:
    if per_second is None:
        yield content
        return
    size = max(1, round(per_second * _PIECE))
    for place in range(0, len(content), size):
        if place:
            yield size / per_second
        yield content[place : place + size]


def _chunked(head: bytes) -> bytes:
    """*head* with its length replaced by a promise of chunks."""
    return _framed(head, b"Transfer-Encoding: chunked")


def _with_length(head: bytes, length: int) -> bytes:
    """*head* of a body of another length."""
    return _framed(head, b"Content-Length: %d" % length)


def _framed(head: bytes, header: bytes) -> bytes:
    """*head* with *header* to tell where its body ends."""
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length:")]
    lines.insert(1, header)
    return b"\r\n".join(lines)
