"""The gaps of texts, such as ``{name}``, which are filled with words of that kind."""

import re
from collections.abc import Callable, Container
from itertools import count

CHINESE = re.compile("[\u3400-\u9fff]")
"""Matches a Chinese character."""
_GAP = re.compile(r"\{([a-z_]+)\}")


def with_gaps_filled(template: str, word: Callable[[str, int], str]) -> str:
    """*template* with *word* in each gap, given its kind and its number: 0 for the first gap."""
    number = count()
    return _GAP.sub(lambda gap: word(gap[1], next(number)), template)


def without_gaps(template: str) -> str:
    """*template* with blanks in its gaps."""
    return _GAP.sub(" ", template)


def gaps_of(template: str) -> frozenset[str]:
    """The kinds of the gaps of *template*."""
    return frozenset(_GAP.findall(template))


def has_gaps(template: str, kinds: Container[str]) -> bool:
    """Whether *template* has gaps, all of one of these *kinds*; braces around other words are mere text."""
    found = _GAP.findall(template)
    return bool(found) and all(kind in kinds for kind in found)
