"""JSON as the services print it: compact, UTF-8, members in order, decimals with all their zeros."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import simplejson
from flask.json.provider import JSONProvider

_COMPACT: dict[str, Any] = {
    "separators": (",", ":"),
    "ensure_ascii": False,
    "use_decimal": True,
    "check_circular": False,
    "namedtuple_as_object": False,  # or every value is asked whether it is one: five times the time
}
_ENCODER = simplejson.JSONEncoder(**_COMPACT)


def compact(content: Any) -> str:
    """JSON without blanks, escapes or reordering; a `Decimal` digit by digit (``3.500``)."""
    return _ENCODER.encode(content)


def rounded(numerator: int, denominator: int, places: int) -> Decimal:
    """*numerator* ÷ *denominator* rounded half-up, printed with exactly *places* digits; 0 ÷ 0 is 0."""
    per_one, unit = _scale(places)
    if denominator == 0:
        return 0 * unit
    return (2 * numerator * per_one + denominator) // (2 * denominator) * unit


@cache
def _scale(places: int) -> tuple[int, Decimal]:
    """How many units of the last of so many digits make one, and that unit."""
    return 10**places, Decimal(1).scaleb(-places)


@dataclass(frozen=True)
class PacedStream:
    """A body that is sent piece by piece, and the connection closed after it."""

    pieces: Iterable[bytes]
    pause: float = 0
    """Seconds between two pieces; only the front door keeps it."""

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.pieces)


class WireJSON(JSONProvider):
    """Flask's JSON, as the services print theirs."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """As `compact`, unless told otherwise."""
        return simplejson.JSONEncoder(**{**_COMPACT, **kwargs}).encode(obj) if kwargs else compact(obj)

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Parse UTF-8 JSON; raises `ValueError` for anything else."""
        return simplejson.loads(s, **kwargs)

    def response(self, *args: Any, **kwargs: Any) -> Any:
        """A response whose type is plain ``application/json``."""
        text = self.dumps(self._prepare_response_obj(args, kwargs))
        return self._app.response_class(text, mimetype="application/json")
