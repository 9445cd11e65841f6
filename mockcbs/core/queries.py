"""Queries in which a parameter stands more than once: what a service uses of them, and all that was sent."""

from collections.abc import Iterable
from typing import Literal
from urllib.parse import parse_qsl

Rule = Literal["first", "last"]
"""Which value of a repeated parameter a service uses: the first that is not empty, or the last."""


def pairs(raw: str) -> list[tuple[str, str]]:
    """The parameters of the query *raw* in the order in which they stand; empty ones too."""
    return parse_qsl(raw, keep_blank_values=True)


def used(sent: Iterable[tuple[str, str]], rule: Rule) -> dict[str, str]:
    """The value of each parameter that a service with that *rule* uses."""
    found: dict[str, str] = {}
    for name, value in sent:
        if rule == "last" or not found.get(name):
            found[name] = value
    return found


def all_values(sent: Iterable[tuple[str, str]]) -> dict[str, str | list[str]]:
    """What was sent, fit to be shown: a text by name, or a list of texts if the name stands repeatedly."""
    found: dict[str, list[str]] = {}
    for name, value in sent:
        found.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}
