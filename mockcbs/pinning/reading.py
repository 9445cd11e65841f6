"""Reading published answers, with errors that say where, what and why."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from mockcbs.core.errors import UserError

LAST_INSTANT = 4_102_444_799_999
"""The end of 2099, ms UTC: datasets go no further."""

MAX_TURNS = 150_000
"""Executions or questions that a dataset file can state."""

_MAX_DIGITS = 15
"""Before the point; no figure of a dataset has more."""


class PinError(UserError):
    """Figures that no traffic can produce; the message says why, and what comes nearest."""


def members(value: Any, place: str, wanted: Sequence[str]) -> Mapping[str, Any]:
    """*value*, if it is an object with exactly the members *wanted*."""
    if not isinstance(value, dict):
        raise PinError(f"{place}: {shown(value)} is not an object")
    if missing := [member for member in wanted if member not in value]:
        raise PinError(f"{place}: no member {', '.join(missing)}")
    if others := [member for member in value if member not in wanted]:
        raise PinError(
            f"{place}: {', '.join(map(shown, others))} cannot be reproduced; take it out to pin the rest"
        )
    return value


def count(row: Mapping[str, Any], member: str, place: str) -> int:
    """A whole number that is not negative."""
    value = row.get(member)
    if type(value) is int and 0 <= value < 10**_MAX_DIGITS:
        return value
    raise PinError(f"{place}: {member} {shown(value)} is not a whole number of 0 or more{_nearest(value, 0)}")


def scaled(row: Mapping[str, Any], member: str, place: str, digits: int) -> int:
    """A number that is not negative and has up to *digits* decimals, times 10 to the power of *digits*."""
    value = row.get(member)
    number = _number(value)
    if number is not None and number >= 0 and number == round(number, digits):
        return int(number.scaleb(digits))
    raise PinError(
        f"{place}: {member} {shown(value)} is not a number of 0 or more with up to {digits} decimals"
        f"{_nearest(value, digits)}"
    )


def _number(value: Any) -> Decimal | None:
    """*value*, if it is a number of a size that figures have."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = Decimal(value)
        return number if number.is_finite() and number.adjusted() < _MAX_DIGITS else None
    return None


def _nearest(value: Any, digits: int) -> str:
    number = _number(value)
    if number is None:
        return ""
    return f"; nearest is {max(Decimal(0), number).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)}"


def span(lowest: Any, highest: Any) -> str:
    """What is possible, in words."""
    return f"{lowest} is possible" if lowest == highest else f"{lowest} to {highest} is possible"


def shown(value: Any) -> str:
    """*value* as JSON would have it, shortened."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = str(value) if isinstance(value, int | Decimal) else repr(value)
    return text if len(text) <= _MAX_SHOWN else f"{text[: _MAX_SHOWN - 1]}…"


_MAX_SHOWN = 60
