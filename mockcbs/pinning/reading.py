"""Reads published responses; errors name the place, the value and the reason."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from mockcbs.core.errors import UserError

LAST_INSTANT = 4_102_444_799_999
"""The end of 2099, ms UTC, which is the last time that a dataset may contain."""

MAX_TURNS = 150_000
"""The maximum number of executions or questions in a dataset file."""

_MAX_DIGITS = 15
"""The maximum number of digits before the decimal point."""


class PinError(UserError):
    """No traffic can produce the figures; the message states why, and the nearest possible figures."""


def members(value: Any, place: str, wanted: Sequence[str]) -> Mapping[str, Any]:
    """*value* as an object with exactly the members *wanted*; raises `PinError`."""
    if not isinstance(value, dict):
        raise PinError(f"{place}: {shown(value)} is not an object")
    if missing := [member for member in wanted if member not in value]:
        raise PinError(f"{place}: no member {', '.join(missing)}")
    if others := [member for member in value if member not in wanted]:
        raise PinError(
            f"{place}: {', '.join(map(shown, others))} cannot be reproduced; remove it to pin the rest"
        )
    return value


def count(row: Mapping[str, Any], member: str, place: str) -> int:
    """*value* as a whole number that is not negative; raises `PinError`."""
    value = row.get(member)
    if type(value) is int and 0 <= value < 10**_MAX_DIGITS:
        return value
    raise PinError(f"{place}: {member} {shown(value)} is not a whole number of 0 or more{_nearest(value, 0)}")


def scaled(row: Mapping[str, Any], member: str, place: str, digits: int) -> int:
    """*value* × 10^*digits*, for a number of at least 0 with up to *digits* decimals; raises `PinError`."""
    value = row.get(member)
    number = _number(value)
    if number is not None and number >= 0 and number == round(number, digits):
        return int(number.scaleb(digits))
    raise PinError(
        f"{place}: {member} {shown(value)} is not a number of 0 or more with up to {digits} decimals"
        f"{_nearest(value, digits)}"
    )


def _number(value: Any) -> Decimal | None:
    """*value* as a number with a limited number of digits."""
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
    """The range of possible values as text."""
    return f"{lowest} is possible" if lowest == highest else f"{lowest} to {highest} is possible"


def shown(value: Any) -> str:
    """*value* as shortened JSON."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = str(value) if isinstance(value, int | Decimal) else repr(value)
    return text if len(text) <= _MAX_SHOWN else f"{text[: _MAX_SHOWN - 1]}…"


_MAX_SHOWN = 60
