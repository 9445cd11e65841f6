"""Functions of numbers."""

import math
from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal, InvalidOperation

from mockcbs.services.airtable.formulas.declare import Table
from mockcbs.services.airtable.formulas.values import CellError, Value, finite, integer, number

NUMERIC = Table()

_MAX_PRECISION = 300


@NUMERIC.plain("ABS")
def _abs(value: Value) -> Value:
    return abs(number(value))


@NUMERIC.plain("INT")
def _int(value: Value) -> Value:
    return float(math.floor(number(value)))


@NUMERIC.plain("EVEN")
def _even(value: Value) -> Value:
    return _away(number(value), parity=0)


@NUMERIC.plain("ODD")
def _odd(value: Value) -> Value:
    return _away(number(value), parity=1)


def _away(value: float, *, parity: int) -> float:
    """The next even or odd number away from 0."""
    size = math.ceil(abs(value))
    size += size % 2 != parity
    return float(-size if value < 0 else size)


@NUMERIC.plain("ROUND")
def _round(value: Value, precision: Value = None) -> Value:
    return _rounded(number(value), integer(precision), ROUND_HALF_UP)


@NUMERIC.plain("ROUNDUP")
def _roundup(value: Value, precision: Value = None) -> Value:
    return _rounded(number(value), integer(precision), ROUND_UP)


@NUMERIC.plain("ROUNDDOWN")
def _rounddown(value: Value, precision: Value = None) -> Value:
    return _rounded(number(value), integer(precision), ROUND_DOWN)


def _rounded(value: float, places: int, mode: str) -> float:
    """*value* rounded by its shortest decimal form, so that 1.005 becomes 1.01."""
    if abs(places) > _MAX_PRECISION:
        raise CellError(f"a precision of {places}")
    unit = Decimal(1).scaleb(-places)
    try:
        return finite(float((Decimal(repr(value)) / unit).to_integral_value(mode) * unit))
    except InvalidOperation:
        return value


@NUMERIC.plain("CEILING")
def _ceiling(value: Value, significance: Value = 1) -> Value:
    return _multiple(number(value), number(significance), ROUND_CEILING)


@NUMERIC.plain("FLOOR")
def _floor(value: Value, significance: Value = 1) -> Value:
    return _multiple(number(value), number(significance), ROUND_FLOOR)


def _multiple(value: float, step: float, mode: str) -> float:
    if not step:
        raise CellError("a significance of 0")
    unit = Decimal(repr(step))
    return finite(float((Decimal(repr(value)) / unit).to_integral_value(mode) * unit))


@NUMERIC.plain("EXP")
def _exp(power: Value) -> Value:
    return _computed(math.exp, number(power))


@NUMERIC.plain("LOG")
def _log(value: Value, base: Value = 10) -> Value:
    return _computed(
        math.log10 if number(base) == 10 else lambda one: math.log(one, number(base)), number(value)
    )


@NUMERIC.plain("POWER")
def _power(base: Value, power: Value) -> Value:
    return _computed(lambda exponent: math.pow(number(base), exponent), number(power))


@NUMERIC.plain("SQRT")
def _sqrt(value: Value) -> Value:
    return _computed(math.sqrt, number(value))


def _computed(function: "math.Function", value: float) -> float:  # type: ignore[name-defined]
    try:
        return finite(function(value))
    except (ValueError, OverflowError, ZeroDivisionError):
        raise CellError("no such number") from None


@NUMERIC.plain("MOD")
def _mod(value: Value, divisor: Value) -> Value:
    """The remainder, with the sign of the divisor."""
    if not number(divisor):
        raise CellError("division by zero")
    return finite(number(value) % number(divisor))


@NUMERIC.plain("SUM")
def _sum(first: Value, *others: Value) -> Value:
    return finite(sum(_numbers(first, *others)))


@NUMERIC.plain("AVERAGE")
def _average(first: Value, *others: Value) -> Value:
    found = list(_numbers(first, *others))
    if not found:
        raise CellError("the average of no numbers")
    return finite(sum(found) / len(found))


@NUMERIC.plain("MAX")
def _max(first: Value, *others: Value) -> Value:
    return max(_numbers(first, *others), default=0)


@NUMERIC.plain("MIN")
def _min(first: Value, *others: Value) -> Value:
    return min(_numbers(first, *others), default=0)


@NUMERIC.plain("COUNT")
def _count(first: Value, *others: Value) -> Value:
    return len(list(_numbers(first, *others)))


@NUMERIC.plain("COUNTA")
def _counta(first: Value, *others: Value) -> Value:
    return sum(value not in {None, ""} for value in _flat(first, *others))


@NUMERIC.plain("COUNTALL")
def _countall(first: Value, *others: Value) -> Value:
    return len(list(_flat(first, *others)))


def _numbers(*values: Value) -> Iterator[float]:
    """The numbers among *values* and in lists of them; other values are skipped."""
    for value in _flat(*values):
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield finite(value)


def _flat(*values: Value) -> Iterator[Value]:
    for value in values:
        if isinstance(value, list):
            yield from value
        else:
            yield value
