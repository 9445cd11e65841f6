"""Misspelt names, and the names that were probably meant."""

import difflib
from collections.abc import Iterable

MAX_NAME = 64
"""Characters of a name that are looked at, and shown."""


def likely(name: str, known: Iterable[str], alike: float = 0.6) -> str | None:
    """The one of *known* that is most like *name*, at least so much; upper and lower case are one."""
    spelt = {one.lower(): one for one in sorted(known)}
    found = difflib.get_close_matches(name[:MAX_NAME].lower(), spelt, 1, alike)
    return spelt[found[0]] if found else None


def meant(name: str, known: Iterable[str]) -> str:
    """What an error about *name* ends with: ``; did you mean 'interval'?``, or nothing."""
    found = likely(name, known)
    return f"; did you mean {found!r}?" if found else ""


def not_one_of(name: str, known: Iterable[str]) -> str:
    """An error about *name*: what is accepted in its place, and what was probably meant."""
    names = list(known)
    return f"{name!r} is not one of {', '.join(names)}{meant(name, names)}"


def not_taken(taker: str, given: Iterable[str], known: Iterable[str]) -> str | None:
    """An error about the first of *given* that *taker* does not know; `None` if it knows them all."""
    names = list(known)
    for name in given:
        if name not in names:
            return f"{taker} does not take {name!r}; accepted are {', '.join(names)}{meant(name, names)}"
    return None
