"""Numbers and JSON in the format of the services: decimals keep all zeros."""

from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

import simplejson

COMPACT: dict[str, Any] = {
    "separators": (",", ":"),
    "ensure_ascii": False,
    "use_decimal": True,
    "check_circular": False,
    "namedtuple_as_object": False,  # a check of every value would take five times as long
}
"""The options of `simplejson` for that format."""

_ENCODER = simplejson.JSONEncoder(**COMPACT)


def compact(content: Any) -> str:
    """*content* as JSON without blanks, escapes or sorting; a `Decimal` keeps its digits (``3.500``)."""
    return _ENCODER.encode(content)


@lru_cache(2048)
def rounded(numerator: int, denominator: int, places: int) -> Decimal:
    """*numerator* ÷ *denominator*, rounded half-up to exactly *places* decimals; 0 if *denominator* is 0."""
    per_one, unit = _scale(places)
    if denominator == 0:
        return 0 * unit
    return (2 * numerator * per_one + denominator) // (2 * denominator) * unit


def quotient(numerator: int, denominator: int, places: int) -> float:
    """The same as `rounded`, as a float; *denominator* must not be 0."""
    per_one, _ = _scale(places)
    return (2 * numerator * per_one + denominator) // (2 * denominator) / per_one


@cache
def _scale(places: int) -> tuple[int, Decimal]:
    """The number of units of the last decimal in 1, and that unit."""
    return 10**places, Decimal(1).scaleb(-places)
