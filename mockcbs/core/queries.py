"""Queries with repeated parameters: the values that a service uses, and all values."""

from collections.abc import Iterable, Mapping
from typing import Literal
from urllib.parse import parse_qsl

Rule = Literal["first", "last"]
"""The value that a service uses of a repeated parameter: the first that is not empty, or the last."""

_WILDCARD = frozenset("*?[")


def pairs(raw: str) -> list[tuple[str, str]]:
    """The parameters of the query *raw* in order, including empty ones."""
    if "%" in raw or "+" in raw:
        return parse_qsl(raw, keep_blank_values=True)
    parts = [part.partition("=") for part in raw.split("&") if part]
    return [(name, value) for name, _, value in parts]


def may_hold(raw: str, wanted: Mapping[str, str]) -> bool:
    """Whether the query *raw* may match these names and values, which may contain wildcards.

    This is a fast check: false is certain, true is not.
    """
    if "%" in raw or "+" in raw:
        return True
    texts = (
        f"{name}={value}" if value and not _WILDCARD.intersection(value) else name
        for name, value in wanted.items()
    )  # an empty value may be sent without "="
    return all(text in raw for text in texts)


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
