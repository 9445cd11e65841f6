"""The rows of `docs/limits.md`, and the tests that show them."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

PAGE = Path(__file__).parents[2] / "docs" / "limits.md"
KB, MB = 1024, 2**20

Test = TypeVar("Test")

TESTED: dict[str, str] = {}
"""What tests say of rows: name and value."""


def row(name: str, value: str) -> Callable[[Test], Test]:
    """The test that follows is about the row of that *name*, which states that *value*."""
    TESTED[name] = value
    return lambda test: test


def rows() -> dict[str, str]:
    """Name and value of each row."""
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.split("|")[1:3]] for line in lines]
    return {name: value for name, value in cells if name != "limit"}
