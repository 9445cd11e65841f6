"""A relation: what it says, whether it applies to a client, and how a case is checked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mockcbs.examining.bench import Bench
from mockcbs.examining.probe import Profile


@dataclass(frozen=True)
class Relation:
    """One relation between runs."""

    name: str
    sentence: str
    """What a client does that keeps it."""
    why_not: Callable[[Profile], str]
    """Why it cannot be examined; empty if it can."""
    cases: Callable[[Profile], Any]
    """Where hypothesis finds its cases."""
    check: Callable[[Bench, Any], None]
    """Raises `BrokenError` if a case breaks it."""
    share: float = 1
    """How many of the cases asked for are enough; each costs many runs where it is below 1."""


def always(_: Profile) -> str:
    """For relations that apply to every client."""
    return ""


def needs_range(profile: Profile) -> str:
    """For relations that vary the range."""
    return "" if profile.has_range else "the command does not name {start} and {end}"


def needs_word(word: str) -> Callable[[Profile], str]:
    """For relations that vary one word."""
    return lambda profile: "" if word in profile.words else f"the command does not name {{{word}}}"
