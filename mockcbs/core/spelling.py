"""Misspelt names, and guesses of the names that were meant."""

import difflib
from collections.abc import Iterable

MAX_NAME = 64
"""The maximum number of characters of a name to compare and show."""


def likely(name: str, known: Iterable[str], alike: float = 0.6) -> str | None:
    """The name in *known* that is most similar to *name*, if it is similar enough; case does not matter."""
    spelt = {one.lower(): one for one in sorted(known)}
    found = difflib.get_close_matches(name[:MAX_NAME].lower(), spelt, 1, alike)
    return spelt[found[0]] if found else None


def meant(name: str, known: Iterable[str]) -> str:
    """The end of an error about *name*: ``; did you mean 'interval'?``, or empty."""
    found = likely(name, known)
    return f"; did you mean {found!r}?" if found else ""


def not_one_of(name: str, known: Iterable[str]) -> str:
    """An error about *name*, with the accepted names and the probable one."""
    names = list(known)
    return f"{name!r} is not one of {', '.join(names)}{meant(name, names)}"


def not_taken(taker: str, given: Iterable[str], known: Iterable[str]) -> str | None:
    """An error about the first of *given* that *taker* does not accept; `None` if it accepts all."""
    names = list(known)
    for name in given:
        if name not in names:
            return f"{taker} does not take {name!r}; accepted are {', '.join(names)}{meant(name, names)}"
    return None
