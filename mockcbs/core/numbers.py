"""Numbers, and JSON that holds them, as the services print them: decimals keep all their zeros."""

from decimal import Decimal
from functools import cache
from typing import Any

import simplejson

COMPACT: dict[str, Any] = {
    "separators": (",", ":"),
    "ensure_ascii": False,
    "use_decimal": True,
    "check_circular": False,
    "namedtuple_as_object": False,  # or every value is asked whether it is one: five times the time
}
"""How `simplejson` prints as the services do."""

_ENCODER = simplejson.JSONEncoder(**COMPACT)


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
