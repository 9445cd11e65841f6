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
        self._start = 0
        """The place of the first byte that was not taken. Taken ones stay: a copy of the rest takes time."""

    def __len__(self) -> int:
        """The number of bytes that wait."""
        return len(self._bytes) - self._start

    def add(self, data: bytes) -> None:
        """Receive *data*, which is parsed after what waits already."""
        self._bytes = self._bytes[self._start :] + data
        self._start = 0

    def take(self, body: int = 0) -> bytes:
        """The next bytes to parse: all of them, unless they may contain more than `MAX_PARSED` requests.

        The first *body* bytes belong to a body and contain no request, however many blank lines they have.
        The end of one more request, whose beginning was taken before, may come with them.
        """
        data, start = self._bytes, self._start
        end = _end_of(data, min(start + body, len(data)))
        if end == len(data):
            self.clear()
        else:
            self._start = end
        return data[start:end]

    def clear(self) -> None:
        """Drop what waits."""
        self._bytes, self._start = b"", 0


def _end_of(data: bytes, start: int) -> int:
    """The place behind `MAX_PARSED` blank lines after *start*, or the end of *data*."""
    for _ in range(MAX_PARSED):
        found = data.find(_BLANK_LINE, start)
        if found < 0:
            return len(data)
        start = found + len(_BLANK_LINE)
    return start
