"""The definition of a relation between runs of a client."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mockcbs.examining.bench import Bench
from mockcbs.examining.probe import Profile
from mockcbs.examining.strategies import Case


@dataclass(frozen=True)
class Relation:
    """A relation that must hold between runs of a client."""

    name: str
    sentence: str
    """What a client must do, as a sentence."""
    why_not: Callable[[Profile], str]
    """Returns why the relation cannot be examined; empty if it can."""
    cases: Callable[[Profile], Any]
    """The strategy from which hypothesis draws cases."""
    check: Callable[[Bench, Any], None]
    """Checks a case. Raises `BrokenError` if the relation does not hold."""
    share: float = 1
    """The share of the requested cases to examine; below 1 if a case needs many runs."""
    always: tuple[Case, ...] = ()
    """Cases that are always checked first, because chance seldom draws them."""


def always(_: Profile) -> str:
    """The condition of relations that apply to every client."""
    return ""


def needs_range(profile: Profile) -> str:
    """The condition of relations that vary the range."""
    return "" if profile.has_range else "the command does not contain {start} and {end}"


def needs_word(word: str) -> Callable[[Profile], str]:
    """The condition of relations that vary one word."""
    return lambda profile: "" if word in profile.words else f"the command does not contain {{{word}}}"
