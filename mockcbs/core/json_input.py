"""Parse JSON of clients in bounded time and memory."""

import json
from typing import Any, NoReturn

MAX_BYTES = 4 * 2**20
"""The default maximum size of a JSON text in bytes."""
MAX_DEPTH = 64
"""The maximum depth of nested arrays and objects."""
MAX_VALUES = 50_000
"""The maximum number of values and members in a JSON text."""
MAX_DIGITS = 309
"""The maximum number of digits of a whole number: no double has more, and parsing takes quadratic time."""

_MAX_QUOTED = 20
_MAX_MEMORY = 10 * 2**20
"""The maximum memory of decoded text in bytes: 4 per character if one lies beyond U+FFFF."""
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_LONG_NUMBER = b"0" * (MAX_DIGITS + 1)
"""Occurs in the text of a too long number whose digits are all replaced by 0."""
_NOT_COUNTED = bytes(set(range(256)) - set(b"[{,"))
_NO_BRACKET = bytes(set(range(256)) - set(b"[]{}"))
_SQUARE = bytes.maketrans(b"{}", b"[]")


class JSONInputError(ValueError):
    """Text that is not JSON, or too large; the message says what is accepted."""


def loads(
    content: bytes, *, max_bytes: int = MAX_BYTES, max_values: int = MAX_VALUES, max_depth: int = MAX_DEPTH
) -> Any:
    """Parse UTF-8 JSON; raises `JSONInputError`.

    Size, depth and number of values are checked before parsing. NaN, Infinity, numbers beyond a double
    (``1e999``) and half characters (``\ud800``) are refused, because no response could contain them.
    """
    if len(content) > max_bytes:
        raise JSONInputError(f"the JSON text has {len(content)} bytes; at most {max_bytes} are accepted")
    _check_structure(content, max_values, max_depth)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise JSONInputError(f"not JSON in UTF-8: byte {error.start} is not UTF-8") from None
    if text.__sizeof__() > max(_MAX_MEMORY, 2 * max_bytes):
        raise JSONInputError(
            f"the JSON text has {len(text)} characters, some beyond U+FFFF; "
            f"at most {_MAX_MEMORY // 4} such are accepted"
        )
    # To call a function for each number is slow. A string with so many digits only makes reading slower.
    decode = _wary_decode if _LONG_NUMBER in content.translate(_DIGITS) else _decode
    try:
        value = json.loads(text) if text[:1] == "\ufeff" else decode(text)  # names a byte order mark
    except json.JSONDecodeError as error:
        raise JSONInputError(
            f"not JSON in UTF-8: line {error.lineno} column {error.colno}: {_plain(error.msg)}"
        ) from None
    if b"\\u" in content:
        _check_characters(value)
    return value


def _check_structure(content: bytes, max_values: int, max_depth: int) -> None:
    """Refuse too many values and too many levels, without parsing; raises `JSONInputError`."""
    opened = content.count(b"[") + content.count(b"{")
    if opened <= max_depth and opened + content.count(b",") < max_values:
        return  # the count includes characters inside strings, so it is an upper bound
    outside = _outside_strings(content, max_values)
    if outside is None or len(outside.translate(None, _NOT_COUNTED)) >= max_values:
        raise JSONInputError(f"the JSON text has more than {max_values} values")
    if _is_deeper(outside, max_depth):
        raise JSONInputError(f"the JSON text is nested more than {max_depth} levels deep")


def _outside_strings(content: bytes, max_values: int) -> bytes | None:
    """The text outside of the strings of a JSON text; `None` if there are too many strings.

    A value has at most two strings, its own and its name: four quotes.
    """
    content = content.replace(b"\\\\", b"").replace(b'\\"', b"")
    pieces = content.split(b'"', 4 * max_values)
    return b"".join(pieces[::2]) if len(pieces) <= 4 * max_values else None


def _is_deeper(outside: bytes, max_depth: int) -> bool:
    """Whether brackets are nested deeper than *levels*; each pass removes the innermost pairs."""
    brackets = outside.translate(_SQUARE, _NO_BRACKET)
    for _ in range(max_depth):
        if b"[]" not in brackets:
            break
        brackets = brackets.replace(b"[]", b"")
    return b"[]" in brackets or brackets.count(b"[") > max_depth


def _real(digits: str) -> float:
    number = float(digits)
    if number in {float("inf"), float("-inf")}:
        raise JSONInputError(f"{_shortened(digits)} is larger than any number that JSON clients can hold")
    return number


def _whole(digits: str) -> int:
    if len(digits) > MAX_DIGITS and len(digits.removeprefix("-")) > MAX_DIGITS:
        raise JSONInputError(f"a number of more than {MAX_DIGITS} digits")
    return int(digits)


def _no_number(name: str) -> NoReturn:
    raise JSONInputError(f"{name} is not a JSON number")


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_QUOTED else f"{text[:_MAX_QUOTED]}…"


_decode = json.JSONDecoder(parse_float=_real, parse_constant=_no_number).decode
_wary_decode = json.JSONDecoder(parse_float=_real, parse_int=_whole, parse_constant=_no_number).decode


def _check_characters(value: Any) -> None:
    """Refuse half characters, which a JSON escape can express and UTF-8 cannot."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = f"\\u{ord(error.object[error.start]):04x}"
        raise JSONInputError(f"{half} is half a character (a lone surrogate)") from None


_PLAIN = {
    "Expecting value": "a value is missing",
    "Expecting property name enclosed in double quotes": "a member's name in double quotes is missing",
    "Expecting ',' delimiter": "a comma is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Extra data": "something follows after the end of the JSON text",
    "Unterminated string starting at": "a string has no closing quote",
    "Invalid control character at": "a string contains a control character",
    "Invalid \\escape": "a string contains an unknown escape",
    "Invalid \\uXXXX escape": "a \\u is not followed by four hexadecimal digits",
    "Illegal trailing comma before end of object": "there is a comma before the closing brace",
    "Illegal trailing comma before end of array": "there is a comma before the closing bracket",
}


def _plain(message: str) -> str:
    """The parser's message in the words of mockcbs."""
    return _PLAIN.get(message.rstrip(": "), message[:1].lower() + message[1:])
