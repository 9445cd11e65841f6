"""Functions of texts. Positions count from 1."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from mockcbs.services.airtable.formulas.declare import Table
from mockcbs.services.airtable.formulas.nodes import FormulaProblem
from mockcbs.services.airtable.formulas.values import (
    MAX_TEXT,
    CellError,
    Value,
    bounded,
    finite,
    integer,
    text,
)

TEXTUAL = Table()

_NO_DIGIT = re.compile(r"[^0-9.eE+-]")


@TEXTUAL.plain("CONCATENATE")
def _concatenate(first: Value, *others: Value) -> Value:
    return bounded("".join(map(text, (first, *others))))


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
    try:
        return finite(float(_NO_DIGIT.sub("", text(value))))
    except ValueError:
        raise CellError(f"{text(value)!r} is not a number") from None


@TEXTUAL.plain("ENCODE_URL_COMPONENT")
def _encode(value: Value) -> Value:
    return bounded(quote(text(value), safe="!'()*-._~"))


@TEXTUAL.plain("REGEX_MATCH")
def _regex_match(value: Value, pattern: Value) -> Value:
    return _compiled(text(pattern)).search(text(value)) is not None


@TEXTUAL.plain("REGEX_EXTRACT")
def _regex_extract(value: Value, pattern: Value) -> Value:
    """The first match, or its first group if the pattern has one."""
    found = _compiled(text(pattern)).search(text(value))
    if found is None:
        raise CellError("no match")
    return str(found[1] or "") if found.re.groups else str(found[0])


@TEXTUAL.plain("REGEX_REPLACE")
def _regex_replace(value: Value, pattern: Value, replacement: Value) -> Value:
    """Replace all matches; ``$1`` in *replacement* is the first group."""
    compiled, whole = _compiled(text(pattern)), text(value)
    pieces, end = [], 0
    for found in compiled.finditer(whole):
        pieces += [whole[end : found.start()], _filled(text(replacement), found)]
        end = found.end()
        bounded("".join(pieces[-2:]))
    return bounded("".join([*pieces, whole[end:]]))


def _filled(template: str, found: Any) -> str:
    def group(reference: "re.Match[str]") -> str:
        at = int(reference[1])
        return str(found[at] or "") if at <= found.re.groups else reference[0]

    return re.sub(r"\$(\d)", group, template)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    """Compile *pattern* with RE2, as Airtable does: matching takes linear time.

    Raises `CellError` for a bad pattern and `FormulaProblem` if RE2 is not installed.
    """
    try:
        import re2  # noqa: PLC0415 - optional
    except ImportError:
        raise FormulaProblem("REGEX functions need RE2 here: pip install 'mockcbs[tables]'") from None
    options = re2.Options()
    options.log_errors = False
    compile_pattern: Callable[..., Any] = re2.compile
    try:
        return compile_pattern(pattern, options)
    except re2.error as error:
        raise CellError(str(error)) from None


def _size(count: Value) -> int:
    size = integer(count)
    if size < 0:
        raise CellError("a negative count")
    return size
