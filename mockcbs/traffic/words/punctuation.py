"""How users punctuate long stories: with commas, without any, or in lines."""

from mockcbs.traffic.gaps import CHINESE

_WAYS = 16
"""One in 16 users writes in each of the ways below; the others write commas."""
_CHINESE = (" ", " ", " ", " ", ",", "。", "\n", " ")
_ENGLISH = (" ", " ", " ", "\n", " - ", "... ", ". ", " and ")
"""What stands instead of commas."""


def punctuated(text: str, number: int) -> str:
    """*text* with the marks of a user with that *number*."""
    comma, marks = ("，", _CHINESE) if CHINESE.search(text) else (", ", _ENGLISH)
    way = number % _WAYS
    return text.replace(comma, marks[way]) if way < len(marks) else text
