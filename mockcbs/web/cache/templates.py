"""Cached responses as templates with placeholders for texts that differ in every response."""

from collections.abc import Iterable, Mapping

from mockcbs.journal.entry import MAX_BODY, Answer
from mockcbs.web.validity import Fresh

_LENGTH = b"length"

Filling = Mapping[bytes, bytes]
"""The texts for the placeholders."""


def length_of(body: bytes) -> dict[bytes, bytes]:
    """The text for the length of the body."""
    return {_LENGTH: b"%d" % len(body)}


class Holes:
    """The texts that differ in every response; templates have the format of ``bytes %``."""

    def __init__(self, fresh: Mapping[str, Fresh]) -> None:
        self._texts = {b"%d" % number: text for number, text in enumerate(fresh)}
        self._makers = [(name, fresh[text]) for name, text in self._texts.items()]

    def template(self, content: bytes) -> bytes:
        """*content* as a template."""
        content = content.replace(b"%", b"%%")
        for name, text in self._texts.items():
            content = content.replace(text.encode(), b"%%(%b)b" % name)
        return content

    def are_in(self, content: bytes) -> bool:
        """Whether *content* contains such texts."""
        return any(text.encode() in content for text in self._texts.values())

    def fill(self, now: int, request_id: str) -> dict[bytes, bytes]:
        """The texts for a response sent *now* (ms UTC) to the request with that id."""
        filling = {}
        for name, maker in self._makers:  # a comprehension takes twice as long
            filling[name] = maker(now, request_id).encode()
        return filling

    def in_response(self, filling: Filling) -> dict[str, Fresh]:
        """The same makers, by the texts of a response that was sent with that *filling*."""
        return {filling[name].decode(): maker for name, maker in self._makers}


class Head:
    """Status and headers as templates; the length of the body is a placeholder, too."""

    def __init__(self, status: str, headers: Iterable[tuple[str, str]], holes: Holes) -> None:
        self.status, self.code = status, int(status[:3])
        self.headers = [
            (
                name,
                b"%%(%b)b" % _LENGTH if name == "Content-Length" else holes.template(value.encode("latin-1")),
            )
            for name, value in headers
        ]
        self.lines = b"".join(b"%b: %b\r\n" % (name.encode("latin-1"), value) for name, value in self.headers)


class Hit:
    """A response from the cache."""

    __slots__ = ("_filling", "_head", "body")

    def __init__(self, head: Head, filling: Filling, body: bytes) -> None:
        self._head, self._filling, self.body = head, filling, body

    @property
    def code(self) -> int:
        """The status code."""
        return self._head.code

    @property
    def lines(self) -> bytes:
        """The headers as lines of HTTP/1.1."""
        return self._head.lines % self._filling

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers as in WSGI."""
        return [(name, (value % self._filling).decode("latin-1")) for name, value in self._head.headers]

    def for_journal(self) -> "Hit":
        """The same response with only as much of its body as the journal stores, so that the rest is
        freed.
        """
        return Hit(self._head, self._filling, self.body[:MAX_BODY])

    def answer(self) -> Answer:
        """Headers and body for the journal."""
        return self.headers, self.body
