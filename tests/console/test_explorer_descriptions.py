"""Descriptions in Chinese."""

from collections.abc import Iterator
from typing import Any

from mockcbs.console.explorer_descriptions import DESCRIPTIONS


def _described(part: Any) -> Iterator[str]:
    """The descriptions in a part of a document."""
    if isinstance(part, dict):
        if isinstance(part.get("description"), str):
            yield part["description"]
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from _described(one)


def test_every_parameter_is_described_in_chinese(client):
    """Every parameter, group and security scheme has a Chinese text, and the table has no unused ones."""
    document = client.get("/_mockcbs/openapi.json").json
    operations = [one for path in document["paths"].values() for one in path.values()]
    parameters = [one.get("parameters", []) for one in operations]

    needed = {*_described([parameters, document["tags"], document["components"]["securitySchemes"]])}

    assert needed - DESCRIPTIONS.keys() == set()
    found = {*_described(document)}
    assert DESCRIPTIONS.keys() - found - {text.partition("\n\n")[0] for text in found} == set()


def test_translations_are_chinese():
    """The table contains no English text."""
    assert [text for text in DESCRIPTIONS.values() if text.isascii()] == []
