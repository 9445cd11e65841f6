"""Misspelt names, and guesses of the names that were meant."""

import difflib
from collections.abc import Iterable

MAX_NAME = 64
"""The maximum number of characters of a name to compare and show."""
MAX_LISTED = 16
"""The maximum number of accepted names that an error lists; of more it shows the most similar ones."""
_MAX_NEAR = 5
_MAX_QUOTED = 100  # characters of a wrong name


def likely(name: str, known: Iterable[str], alike: float = 0.6) -> str | None:
    """The name in *known* that is most similar to *name*, if it is similar enough; case does not matter."""
    return next(iter(_similar(name, known, 1, alike)), None)


def meant(name: str, known: Iterable[str]) -> str:
    """The end of an error about *name*: ``; did you mean 'interval'?``, or empty."""
    found = likely(name, known)
    return f"; did you mean {found!r}?" if found else ""


def accepted(name: str, known: Iterable[str], where: str = "") -> str:
    """The end of an error about *name*: the accepted names, and the probable one.

    If there are many, these are the most similar ones; *where* says what lists all, such as a command.
    """
    names = list(known)
    return f"{_listed(name, names, where)}{meant(name, names)}"


def not_one_of(name: object, known: Iterable[str], where: str = "") -> str:
    """An error about *name*, with the accepted names as in `accepted`; a very long one is cut."""
    shown = repr(name[: _MAX_QUOTED + 1] if isinstance(name, str) else name)
    if len(shown) > _MAX_QUOTED:
        shown = f"{shown[:_MAX_QUOTED]}…"
    return f"{shown} is not one of {accepted(name if isinstance(name, str) else str(name), known, where)}"


def not_taken(taker: str, given: Iterable[str], known: Iterable[str], where: str = "") -> str | None:
    """An error about the first of *given* that *taker* does not accept; `None` if it accepts all."""
    names = list(known)
    for name in given:
        if name not in names:
            return f"{taker} does not take {name!r}; accepted are {accepted(name, names, where)}"
    return None


def _listed(name: str, names: list[str], where: str) -> str:
    if len(names) <= MAX_LISTED or not where:
        return ", ".join(names)
    near = _similar(name, names, _MAX_NEAR, alike=0.4)
    return f"the {len(names)} that {where} lists{', such as ' if near else ''}{', '.join(near)}"


def _similar(name: str, known: Iterable[str], count: int, alike: float) -> list[str]:
    spelt = {one.lower(): one for one in sorted(known)}
    return [spelt[one] for one in difflib.get_close_matches(name[:MAX_NAME].lower(), spelt, count, alike)]
