"""JSON bodies in the services' format, and bodies that are sent in pieces."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import simplejson
from flask.json.provider import JSONProvider

from mockcbs.core.numbers import COMPACT, compact


class Pausing(bytes):
    """A piece of a stream, after which mockcbs's own server waits."""

    pause: float = 0
    """The time to wait, in s."""

    @classmethod
    def of(cls, piece: bytes, pause: float) -> Self:
        """*piece*, with a *pause* after it."""
        made = cls(piece)
        made.pause = pause
        return made


@dataclass(frozen=True)
class PacedStream:
    """A body that is sent in pieces. The connection is closed after it, unless its length is known."""

    pieces: Iterable[bytes]
    pause: float = 0
    """The time between two pieces, in s, unless a `Pausing` is longer. Only mockcbs's own server waits."""
    length: int | None = None
    """The size of all pieces in bytes; `None` if it is unknown before they are made."""
    slow: bool = False
    """Whether making a piece may take over 20 ms; mockcbs's own server then makes it in a thread."""

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.pieces)

    def close(self) -> None:
        """Stop making pieces. Every WSGI server calls this at the end."""
        if close := getattr(self.pieces, "close", None):
            close()


def with_entries(facts: Mapping[str, Any], name: str, entries: Iterable[str]) -> Iterator[str]:
    """The JSON of *facts* and a last member, the list of *entries*, which are JSON, in pieces.

    Writing a long list at once would stop other threads.
    """
    yield f'{compact(facts)[:-1]}{"," if facts else ""}"{name}":['
    for number, entry in enumerate(entries):
        yield f",{entry}" if number else entry
    yield "]}"


def in_pieces(content: Any, levels: int) -> Iterator[str]:
    """The JSON of *content* in pieces: one for each member of its objects that many *levels* deep.

    Writing a large document at once would stop other threads.
    """
    if levels == 0 or not (isinstance(content, dict) and content):
        yield compact(content)
        return
    before = "{"
    for name, value in content.items():
        yield f"{before}{compact(name)}:"
        yield from in_pieces(value, levels - 1)
        before = ","
    yield "}"


class WireJSON(JSONProvider):
    """Makes Flask write JSON in the services' format."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """The same as `compact`, unless *kwargs* change the format."""
        return simplejson.JSONEncoder(**{**COMPACT, **kwargs}).encode(obj) if kwargs else compact(obj)

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Parse UTF-8 JSON; raises `ValueError` for anything else."""
        return simplejson.loads(s, **kwargs)

    def response(self, *args: Any, **kwargs: Any) -> Any:
        """A response whose type is plain ``application/json``."""
        text = self.dumps(self._prepare_response_obj(args, kwargs))
        return self._app.response_class(text, mimetype="application/json")
