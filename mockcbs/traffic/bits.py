"""Random 64-bit words that are pure functions of a key and a place: the generator SplitMix64.

All arithmetic is on integers, so the words are the same on every platform and with every release of numpy.
They do not depend on how many are drawn together.
"""

import hashlib

import numpy as np
import numpy.typing as npt

from mockcbs.traffic.turns import Ints, Places

Words = npt.NDArray[np.uint64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_ROW = 0xD1B54A32D192ED03
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_WORD = 2**64 - 1


def key(*parts: object) -> int:
    """A key of 64 bits for these *parts*, such as seed, bot and purpose."""
    return int.from_bytes(hashlib.sha256("/".join(map(str, parts)).encode()).digest()[:8], "little")


def words(key: int, places: npt.ArrayLike) -> Words:
    """The word of *key* at each of *places*."""
    at = np.asarray(places, np.int64).view(np.uint64) * _STEP
    at += np.uint64(key & _WORD)
    return _mixed(at)


class Columns:
    """Columns of random words for groups of rows; each group, such as a day, has its own key.

    A word depends only on the key of its group, its place in the group and its column.
    """

    def __init__(self, keys: Words, counts: Ints) -> None:
        """*counts* says how many rows each group has."""
        first = (np.cumsum(counts) - counts).astype(np.uint64)
        self._base = np.repeat(keys - first * _STEP, counts)
        self._base += np.arange(len(self._base), dtype=np.uint64) * _STEP

    def column(self, number: int) -> Words:
        """The words of one column."""
        return _mixed(self._base + np.uint64(number * _ROW & _WORD))


def below(words: Words, limit: "int | Places") -> Ints:
    """Map each word to a whole number from 0 to below its *limit* (at most 2**32)."""
    # Multiply and shift instead of a remainder: no word is rejected.
    wide = np.asarray(limit, np.int64).view(np.uint64)
    return ((words >> np.uint64(32)) * wide >> np.uint64(32)).view(np.int64)


def signed(words: Words) -> Ints:
    """Map each word to a whole number from -1024 to 1023, all equally frequent."""
    return (words >> np.uint64(53)).view(np.int64) - 1024


def normal(words: Words) -> Ints:
    """Map each word to a normally distributed number, in sixty-fourths of the standard deviation."""
    # The number of ones among 64 random bits is almost normal, with deviation 4; other bits fill the gaps.
    ones = np.bitwise_count(words).astype(np.int64) - 32
    between = (words * _STEP >> np.uint64(60)).astype(np.int64)
    return 16 * ones + between - 8


def skewed(words: Words, limit: "int | Ints") -> Ints:
    """Map each word to a whole number below its *limit*; small ones are more frequent."""
    # The product of two uniform numbers is small more often than large, without floating point.
    low = words & np.uint64(0xFFFFFFFF)
    return below((words >> np.uint64(32)) * low, limit)


def _mixed(words: Words) -> Words:
    """SplitMix64's mixture of each word, in place."""
    shifted = words >> np.uint64(30)
    words ^= shifted
    words *= _FIRST
    np.right_shift(words, np.uint64(27), out=shifted)
    words ^= shifted
    words *= _SECOND
    np.right_shift(words, np.uint64(31), out=shifted)
    words ^= shifted
    return words


def field(words: Words, shift: int, width: int) -> Ints:
    """*width* bits of each word, as numbers."""
    return (words >> np.uint64(shift) & np.uint64((1 << width) - 1)).view(np.int64)
