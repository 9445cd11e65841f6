"""What a schema finds wrong with an answer, and the values an answer holds."""

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema

_UNKNOWN = "Unknown field."


def problems(schema: Schema, content: Any) -> tuple[list[str], list[str]]:
    """What is wrong with *content*, and the members that *schema* does not know."""
    found = list(flat(schema.validate(content)))
    wrong = [f"{name}: {' '.join(texts)}" for name, texts in found if _UNKNOWN not in texts]
    return wrong, sorted({name for name, texts in found if _UNKNOWN in texts})


def flat(problems: Any, name: str = "") -> Iterator[tuple[str, list[str]]]:
    """Nested problems, each under the path of its member."""
    if isinstance(problems, dict):
        for key, inner in problems.items():
            yield from flat(inner, f"{name}.{key}".removeprefix("."))
    elif problems:
        yield name, [str(problem) for problem in problems]


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every value that holds no others, under its path: ``intervals[].start``."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{name}.{key}".removeprefix("."))
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, f"{name}[]")
    else:
        yield name, value
