"""Reads the knowledge bases that come with mockcbs.

A test compares them with what their schema reads. So a start need not validate them, which takes longer than
reading the files.
"""

from collections.abc import Callable
from typing import Any

from mockcbs.core import yaml_values
from mockcbs.datasets.knowledge_schema import spans, tuples
from mockcbs.traffic.knowledge import (
    Document,
    Fact,
    KnowledgeBase,
    Pair,
    Skill,
    Slot,
    SlotValue,
    SmallTalk,
    Table,
)
from mockcbs.traffic.words.rhythms import hours_of


def knowledge_of(text: str) -> KnowledgeBase:
    """The knowledge base in *text*, a valid file."""
    content: dict[str, Any] = yaml_values.load(text)
    del content["description"]
    return KnowledgeBase(**{key: _READ.get(key, _plain)(value) for key, value in content.items()})


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _each(kind: Callable[..., Any]) -> Callable[[list[dict[str, Any]]], tuple[Any, ...]]:
    return lambda values: tuple(kind(**tuples(value)) for value in values)


def _slot(
    name: str, ask: str, values: dict[str, list[str]] | None = None, examples: tuple[str, ...] = ()
) -> Slot:
    found = tuple(SlotValue(word, tuple(variants)) for word, variants in (values or {}).items())
    return Slot(name, ask, found, examples)


def _skill(slots: tuple[dict[str, Any], ...] = (), **members: Any) -> Skill:
    return Skill(slots=_each(_slot)([*slots]), **members)


def _table(rows: tuple[list[str], ...] = (), **members: Any) -> Table:
    return Table(rows=tuple(map(tuple, rows)), **members)


def _texts(value: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(texts) for name, texts in value.items()}


_READ: dict[str, Callable[[Any], Any]] = {
    "pairs": _each(Pair),
    "small_talk": _each(SmallTalk),
    "skills": _each(_skill),
    "facts": _each(Fact),
    "tables": _each(_table),
    "documents": _each(Document),
    "follow_ups": _texts,
    "in_full": lambda value: {key: _texts(said) for key, said in value.items()},
    "circumstances": _texts,
    "details": _texts,
    "logs": _texts,
    "names": _texts,
    "parts": _texts,
    "scraps": _texts,
    "seasons": lambda value: {word: spans(stated) for word, stated in value.items()},
    "busy_hours": lambda value: {name: hours_of(stated) for name, stated in value.items()},
}
"""How members are read that are not a text or a list of texts."""
