"""The bytes of one connection that are received and not parsed yet."""

from mockcbs.server.limits import MAX_PARSED

_BLANK_LINE = b"\r\n\r\n"
"""It ends the headers of a request, or its last chunk: every request has at least one."""


class Backlog:
    """Divides what a client sends at once, so that other connections are served before all of it is parsed.

    A client may send a thousand requests in one read, and parsing them takes 0.1 s.
    """

    def __init__(self) -> None:
        self._bytes = b""

    def __len__(self) -> int:
        """The number of bytes that wait."""
        return len(self._bytes)

    def add(self, data: bytes) -> None:
        """Receive *data*, which is parsed after what waits already."""
        self._bytes += data

    def take(self) -> bytes:
        """The next bytes to parse: all of them, unless they may contain more than `MAX_PARSED` requests.

        The end of one more request, whose beginning was taken before, may come with them.
        """
        data = self._bytes
        end = len(data) if data.count(_BLANK_LINE) <= MAX_PARSED else _end_of(data, MAX_PARSED)
        self._bytes = data[end:]
        return data[:end]

    def clear(self) -> None:
        """Drop what waits."""
        self._bytes = b""


def _end_of(data: bytes, count: int) -> int:
    """The place behind that many blank lines."""
    end = 0
    for _ in range(count):
        end = data.index(_BLANK_LINE, end) + len(_BLANK_LINE)
    return end
