"""Queries with repeated parameters: the values that a service uses, and all values."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Literal
from urllib.parse import parse_qsl

Rule = Literal["first", "last"]
"""The value that a service uses of a repeated parameter: the first that is not empty, or the last."""

_WILDCARD = frozenset("*?[")
_VARIABLE = re.compile('[*?"]+')
"""What stands for other texts in a value with wildcards, or is inserted where a secret is masked."""


def pairs(raw: str) -> list[tuple[str, str]]:
    """The parameters of the query *raw* in order, including empty ones."""
    if "%" in raw or "+" in raw:
        return parse_qsl(raw, keep_blank_values=True)
    parts = [part.partition("=") for part in raw.split("&") if part]
    return [(name, value) for name, _, value in parts]


def may_hold(wanted: Mapping[str, str]) -> Callable[[str], bool]:
    """A function that returns whether a query may match these names and values, which may contain wildcards.

    This is a fast check: false is certain, true is not.
    """
    texts = [text for name, value in wanted.items() for text in _certain(name, value)]

    def check(raw: str) -> bool:
        return "%" in raw or "+" in raw or all(map(raw.__contains__, texts))

    return check


def _certain(name: str, value: str) -> list[str]:
    """Texts that stand in each query with that name and value, if nothing in it is percent-encoded."""
    if value and not _WILDCARD.intersection(value):
        return [f"{name}={value}"]
    return [name, *(() if "[" in value else filter(None, _VARIABLE.split(value)))]  # "=" may be missing


def used(sent: Iterable[tuple[str, str]], rule: Rule) -> dict[str, str]:
    """The value of each parameter that a service with that *rule* uses."""
    found: dict[str, str] = {}
    for name, value in sent:
        if rule == "last" or not found.get(name):
            found[name] = value
    return found


def all_values(sent: Iterable[tuple[str, str]]) -> dict[str, str | list[str]]:
    """All values of the query, masked: a text by name, or a list of texts for a repeated name."""
    found: dict[str, list[str]] = {}
    for name, value in sent:
        found.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}
