"""The Chinese edition has the commands and the tables of the English one."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAIRS = {
    "README.md": "README.zh.md",
    "docs/coze.md": "docs/zh/coze.md",
    "docs/webhooks.md": "docs/zh/webhooks.md",
    "docs/tables.md": "docs/zh/tables.md",
    "docs/console.md": "docs/zh/console.md",
    "docs/control.md": "docs/zh/control.md",
    "docs/mcp.md": "docs/zh/mcp.md",
}
NOT_TRANSLATED = {"sql"}
"""Blocks that the English page alone shows."""


def read(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def unfenced(text: str) -> str:
    """*text* without its fenced blocks."""
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def blocks(text: str) -> list[tuple[str, str]]:
    """The code blocks: language (empty if it is indented) and content."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    rest = unfenced(text)
    return [
        *fenced,
        *(("", block) for block in re.findall(r"(?:^ {4}\S.*\n?(?: {4,}.*\n?)*)", rest, re.MULTILINE)),
    ]


def keys(text: str) -> list[list[str]]:
    """The code in the first cells of each table's rows; tables without any are left out."""
    text = re.sub(r"<!-- not emulated -->.*", "", text, flags=re.DOTALL)
    tables = re.findall(r"(?:^\|.*\n)+", unfenced(text), re.MULTILINE)
    found = [
        [code for row in table.splitlines()[2:] for code in re.findall(r"`([^`]+)`", row.split("|")[1])]
        for table in tables
    ]
    return [one for one in found if one]


@pytest.mark.parametrize("page", PAIRS)
def test_commands_are_equal(page):
    """The blocks of both pages are the same, in the same order."""
    english, chinese = blocks(read(page)), blocks(read(PAIRS[page]))

    assert [block for block in english if block[0] not in NOT_TRANSLATED] == chinese


@pytest.mark.parametrize("page", PAIRS)
def test_tables_are_equal(page):
    """Tables explain the same names, in the same order."""
    assert keys(read(PAIRS[page])) == keys(read(page))


@pytest.mark.parametrize("page", [*PAIRS.values(), "docs/zh/getting-started.md"])
def test_links_lead_somewhere(page):
    """Every relative link of the Chinese edition is to a file that exists."""
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", read(page)):
        assert ((ROOT / page).parent / target).exists(), target
