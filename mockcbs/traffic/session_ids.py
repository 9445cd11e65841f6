"""Ids of generated sessions, by the form of the bot's id.

The ids of CBS are random UUIDs (contract cbs 2), those of Coze numbers whose upper half is a second
(contract coze 2.1). Both are made from the start of the session by functions that have an inverse, so a
session is found by its id without a table of ids.
"""

import re

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.bits import Words
from mockcbs.traffic.turns import Ints

_MAX_DECIMAL = 20
"""The number of digits of the longest decimal id."""
_UUID4 = re.compile(r"([0-9a-f]{8})-([0-9a-f]{4})-4([0-9a-f]{3})-([89ab][0-9a-f]{3})-([0-9a-f]{12})")
_HALF = 61
"""The number of bits of each half of what a UUID of version 4 leaves free."""
_START = 48
_LOW_ORDINAL = 15
_KEY = _HALF - _LOW_ORDINAL
_SHUFFLES = tuple(bits.key("session ids", number) for number in range(4))
_BELOW_MS = 22
"""The number of bits of a decimal id below its millisecond."""
_ODD = 0x2545F5


def uuid4s(starts: Ints, ordinals: Ints, key: int) -> list[str]:
    """UUIDs of version 4 for sessions that begin at *starts* (ms UTC).

    *ordinals* are the numbers of the sessions on their day, *key* identifies bot and day.
    """
    left = starts << (_HALF - _START) | ordinals >> _LOW_ORDINAL
    right = (ordinals & (1 << _LOW_ORDINAL) - 1) << _KEY | key & (1 << _KEY) - 1
    for shuffle in _SHUFFLES:
        left, right = right, left ^ _drawn(shuffle, right)
    return [_uuid(high << _HALF | low) for high, low in zip(left.tolist(), right.tolist(), strict=True)]


def decimals(starts: Ints, ordinals: Ints, key: int) -> list[str]:
    """Decimal numbers that ascend with *starts*; for the arguments see `uuid4s`."""
    mask = (1 << _BELOW_MS) - 1
    low = ordinals & mask
    for shift in (_BELOW_MS // 2, _BELOW_MS // 3):
        low = (low * _ODD + (key & mask)) & mask
        low ^= low >> shift
    ids = zip((starts // 1000).tolist(), (starts % 1000 << _BELOW_MS | low).tolist(), strict=True)
    return [str(second << 32 | rest) for second, rest in ids]


def begun(session_id: str) -> int | None:
    """The begin of a generated session, read from its id; `None` if it cannot be a generated id.

    It is in ms UTC, but that of a decimal id is a whole second.
    """
    if session_id.isascii() and session_id.isdecimal() and len(session_id) <= _MAX_DECIMAL:
        return (int(session_id) >> 32) * 1000
    if not (found := _UUID4.fullmatch(session_id)):
        return None
    first, second, third, fourth, fifth = found.groups()
    free = int(first + second + third, 16) << 62 | int(fourth + fifth, 16) & (1 << 62) - 1
    left, right = (np.array([half], np.int64) for half in divmod(free, 1 << _HALF))
    for shuffle in reversed(_SHUFFLES):
        left, right = right ^ _drawn(shuffle, left), left
    return int(left[0]) >> (_HALF - _START)


def _drawn(key: int, halves: Ints) -> Ints:
    """Random numbers of `_HALF` bits that depend on these *halves*."""
    words: Words = bits.words(key, halves)
    return (words >> np.uint64(64 - _HALF)).astype(np.int64)


def _uuid(free: int) -> str:
    """The UUID of version 4 with these 122 *free* bits."""
    first, last = f"{free >> 62:015x}", f"{free & (1 << 62) - 1 | 1 << 63:016x}"
    return f"{first[:8]}-{first[8:12]}-4{first[12:]}-{last[:4]}-{last[4:]}"
