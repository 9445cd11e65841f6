"""Faults below HTTP: how the bytes of a response reach the client, as steps for the owner of the socket."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol

from mockcbs.faults.scenario import Wire
from mockcbs.faults.swap import Held

MAX_SILENCE = 300.0
"""Seconds until the connection of a call that gets no response is closed."""

GARBAGE = b"\x16\x03\x01\xff\xfe this is not HTTP\r\n\r\n"

_RESET_PAUSE = 0.2
"""Seconds in which a client can read half of a body before the reset, which takes unread bytes from it."""

_PIECE = 0.05
"""Approximate seconds between two pieces of a slow body."""
_SLOW_HEADERS = 200.0
"""Bytes per second of slow headers."""


class End(Enum):
    """How a delivery ends the connection."""

    RESET = "reset"
    CLOSE = "close"


Step = bytes | float | Held | End
"""Bytes to write, seconds to wait, a swap to wait for, or the end of the connection."""


class Delivery(NamedTuple):
    """How a response is delivered."""

    delay: float = 0.0
    """Seconds before the first byte."""
    bytes_per_second: float | None = None
    """The speed of the body; `None` sends it at once."""
    wire: Wire | None = None
    held: Held | None = None
    """The swap that decides its body, if it waits for one."""

    def steps(self, head: bytes, body: "bytes | Stream") -> Iterator[Step]:
        """The steps of the delivery in order; *head* includes the blank line at its end."""
        content = _Whole(body) if isinstance(body, bytes) else body
        try:
            if self.held:
                yield self.held
                self.held.waits = False
                content = _Whole(self.held.body)
                head = _with_length(head, len(self.held.body))
            if self.delay:
                yield self.delay
            yield from self._written(head, content)
        finally:
            content.close()

    def _written(self, head: bytes, body: "Stream") -> Iterator[Step]:
        if self.wire is None:
            yield head
            yield from _all_paced(body, self.bytes_per_second)
        elif self.wire == "slow-headers":
            yield from _paced(head, _SLOW_HEADERS)
            yield from _all_paced(body, self.bytes_per_second)
        else:
            yield from _broken(self.wire, head, body)


class Stream(Protocol):
    """A body in pieces."""

    @property
    def length(self) -> int | None:
        """Bytes of all pieces, if that is known."""

    def __iter__(self) -> Iterator[bytes]: ...

    def close(self) -> None:
        """Stop making pieces."""


@dataclass(frozen=True, slots=True)
class _Whole:
    """A body in one piece."""

    content: bytes

    @property
    def length(self) -> int:
        return len(self.content)

    def __iter__(self) -> Iterator[bytes]:
        yield self.content

    def close(self) -> None:
        """Nothing is open."""


def _broken(wire: Wire, head: bytes, body: Stream) -> Iterator[Step]:
    if body.length is None:  # only the whole tells where its middle is
        body = _Whole(b"".join(body))
    size = body.length or 0
    if wire in {"reset", "reset-upload"}:
        yield End.RESET
        return
    if wire == "no-answer":
        yield MAX_SILENCE
    elif wire == "garbage":
        yield GARBAGE
    elif wire == "truncated-body":
        yield from _joined(head, _first(body, size // 2))
    elif wire == "reset-body":
        yield from _joined(head, _first(body, size // 2))
        yield _RESET_PAUSE
        yield End.RESET
    elif wire == "truncated-chunk":
        yield from _joined(_chunked(head) + b"%x\r\n" % (size + 1), _first(body, size // 2))
    yield End.CLOSE


def _first(body: Stream, size: int) -> Iterator[bytes]:
    """The first *size* bytes of *body*."""
    for piece in body:
        yield piece[:size]
        size -= len(piece)
        if size <= 0:
            return


def _joined(head: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield head + next(pieces, b"")
    yield from pieces


def _all_paced(body: Stream, per_second: float | None) -> Iterator[Step]:
    for place, piece in enumerate(body):
        if place and per_second is not None:
            yield _PIECE
        yield from _paced(piece, per_second)


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
    """*head* with chunked encoding instead of the length."""
    return _framed(head, b"Transfer-Encoding: chunked")


def _with_length(head: bytes, length: int) -> bytes:
    """*head* with the length of another body."""
    return _framed(head, b"Content-Length: %d" % length)


def _framed(head: bytes, header: bytes) -> bytes:
    """*head* with *header* instead of ``Content-Length``."""
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length:")]
    lines.insert(1, header)
    return b"\r\n".join(lines)
