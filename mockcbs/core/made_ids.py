"""Ids that depend on names only, so that every process makes the same ones."""

import hashlib
import string

_DIGITS = string.digits + string.ascii_letters


def made_id(prefix: str, length: int, *names: object) -> str:
    """*prefix* and *length* letters or digits, which depend on *names* only."""
    number = int.from_bytes(hashlib.sha512("/".join(map(str, names)).encode()).digest())
    characters = []
    for _ in range(length):
        number, digit = divmod(number, len(_DIGITS))
        characters.append(_DIGITS[digit])
    return prefix + "".join(characters)
