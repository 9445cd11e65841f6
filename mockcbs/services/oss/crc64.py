"""CRC-64 in OSS's format (ECMA-182, reflected), and its combination for joined contents."""

from functools import cache

import crcmod

_POLYNOMIAL = 0x142F0E1EBA9EA3693
_REFLECTED = 0xC96C5795D7870F42
_BITS = 64

_Matrix = tuple[int, ...]
"""The effect of a number of zero bytes on each bit of a checksum."""


class Crc64:
    """An incremental checksum."""

    def __init__(self) -> None:
        self._crc = _new()

    def update(self, data: bytes) -> None:
        """Add *data*."""
        self._crc.update(data)

    @property
    def value(self) -> int:
        """The checksum of all added data."""
        value: int = self._crc.crcValue
        return value


def combine(first: int, second: int, size: int) -> int:
    """The checksum of two joined contents; *size* is the size of the second in bytes."""
    power = 0
    while size >> power:
        if size >> power & 1:
            first = _applied(_zeros(power), first)
        power += 1
    return first ^ second


def _new() -> "crcmod.Crc":
    return crcmod.Crc(_POLYNOMIAL, initCrc=0, xorOut=2**_BITS - 1, rev=True)


@cache
def _zeros(power: int) -> _Matrix:
    """The effect of 2**power zero bytes."""
    if power:
        return _squared(_zeros(power - 1))
    matrix: _Matrix = (_REFLECTED, *(1 << bit for bit in range(_BITS - 1)))
    for _ in range(3):  # from one bit to a byte
        matrix = _squared(matrix)
    return matrix


def _squared(matrix: _Matrix) -> _Matrix:
    return tuple(_applied(matrix, row) for row in matrix)


def _applied(matrix: _Matrix, checksum: int) -> int:
    result = bit = 0
    while checksum:
        if checksum & 1:
            result ^= matrix[bit]
        checksum >>= 1
        bit += 1
    return result
