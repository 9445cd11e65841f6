"""Functions of texts. Positions count from 1."""

import re
from urllib.parse import quote

from mockcbs.services.airtable.formulas.declare import Table
from mockcbs.services.airtable.formulas.values import (
    MAX_TEXT,
    CellError,
    Value,
    bounded,
    finite,
    integer,
    joined,
    size,
    text,
)

TEXTUAL = Table()

_MAX_NUMBER = 1_000
_NO_DIGIT = re.compile(r"[^0-9.eE+-]")


@TEXTUAL.plain("CONCATENATE")
def _concatenate(first: Value, *others: Value) -> Value:
    return joined((first, *others))


@TEXTUAL.plain("FIND")
def _find(wanted: Value, where: Value, start: Value = None) -> Value:
    return _position(wanted, where, start)


@TEXTUAL.plain("SEARCH")
def _search(wanted: Value, where: Value, start: Value = None) -> Value:
    """Like FIND, but blank if there is no match; both are case-sensitive."""
    return _position(wanted, where, start) or None


def _position(wanted: Value, where: Value, start: Value) -> int:
    return text(where).find(text(wanted), max(integer(start) - 1, 0)) + 1


@TEXTUAL.plain("LEFT")
def _left(value: Value, count: Value = 1) -> Value:
    return text(value)[: _size(count)]


@TEXTUAL.plain("RIGHT")
def _right(value: Value, count: Value = 1) -> Value:
    whole = text(value)
    return whole[max(len(whole) - _size(count), 0) :]


@TEXTUAL.plain("MID")
def _mid(value: Value, start: Value, count: Value) -> Value:
    first = max(integer(start) - 1, 0)
    return text(value)[first : first + _size(count)]


@TEXTUAL.plain("LEN")
def _len(value: Value) -> Value:
    return len(text(value))


@TEXTUAL.plain("LOWER")
def _lower(value: Value) -> Value:
    return text(value).lower()


@TEXTUAL.plain("UPPER")
def _upper(value: Value) -> Value:
    return text(value).upper()


@TEXTUAL.plain("TRIM")
def _trim(value: Value) -> Value:
    return text(value).strip()


@TEXTUAL.plain("T")
def _t(value: Value) -> Value:
    return value if isinstance(value, str) else None


@TEXTUAL.plain("REPT")
def _rept(value: Value, count: Value) -> Value:
    times = _size(count)
    if len(text(value)) * times > MAX_TEXT:
        raise CellError("a text that is too long")
    return text(value) * times


@TEXTUAL.plain("REPLACE")
def _replace(value: Value, start: Value, count: Value, replacement: Value) -> Value:
    first, whole = max(integer(start) - 1, 0), text(value)
    return bounded(whole[:first] + text(replacement) + whole[first + _size(count) :])


@TEXTUAL.plain("SUBSTITUTE")
def _substitute(value: Value, old: Value, new: Value, index: Value = None) -> Value:
    """Replace all occurrences, or only occurrence number *index*, counted from 1."""
    whole, out, into = text(value), text(old), text(new)
    if not out:
        return whole
    if len(whole) + whole.count(out) * (len(into) - len(out)) > MAX_TEXT:
        raise CellError("a text that is too long")
    if index is None:
        return whole.replace(out, into)
    pieces = whole.split(out)
    at = integer(index)
    if not 1 <= at < len(pieces):
        return whole
    return out.join(pieces[:at]) + into + out.join(pieces[at:])


@TEXTUAL.plain("VALUE")
def _value(value: Value) -> Value:
    """The number in a text; currency signs, blanks and commas are ignored."""
    if size(value) > _MAX_NUMBER:
        raise CellError("a text that is too long for a number")
    try:
        return finite(float(_NO_DIGIT.sub("", text(value))))
    except ValueError:
        raise CellError(f"{text(value)!r} is not a number") from None


@TEXTUAL.plain("ENCODE_URL_COMPONENT")
def _encode(value: Value) -> Value:
    return bounded(quote(text(value), safe="!'()*-._~"))


def _size(count: Value) -> int:
    size = integer(count)
    if size < 0:
        raise CellError("a negative count")
    return size
