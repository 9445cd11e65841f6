"""``docs/dialogue.md`` does what it says: its commands and its program run, and print what it shows."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockcbs.datasets.load import load

from .conftest import Served, Serving, environment

PAGE = (Path(__file__).parents[2] / "docs" / "dialogue.md").read_text("utf-8")
URL = "http://127.0.0.1:8021"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)\n```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def served(serving: Serving) -> Iterator[Served]:
    """The server the page tells to start."""
    (start,) = [block for block in blocks("") if block.startswith("$ mockcbs serve")]
    with serving(*start.split()[3:]) as served:
        yield served


def test_the_loop_with_curl(served):
    """Each command of the page prints the lines that the page shows below it."""
    lines = [line for block in blocks("console") for line in block.splitlines()]
    commands = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    script = "".join(f"echo {_quoted(f'$ {command}')}\n{command}\n" for command in commands)

    run = subprocess.run(
        ["bash", "-c", script.replace(URL, served.url)],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env=environment({"NO_PROXY": "*"}),
    )

    printed = [line for line in run.stdout.replace(served.url, URL).splitlines() if line]
    assert len(commands) > 15
    assert printed == lines


def test_the_loop_with_the_sdk(served, tmp_path):
    """The program of the page prints the output that the page shows."""
    (program,) = blocks("python")
    expected = PAGE.partition("prints\n\n```\n")[2].partition("\n```")[0]

    run = subprocess.run(
        [sys.executable, "-c", program.replace(URL, served.url)],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env=environment({"NO_PROXY": "*", "HOME": str(tmp_path)}),
    )

    assert run.stdout.rstrip("\n") == expected


def test_the_knowledge_base_of_the_page_can_be_read(tmp_path):
    """The YAML of the page is a valid dataset."""
    (text,) = blocks("yaml")
    file = tmp_path / "mine.yaml"
    file.write_text(text, "utf-8")

    knowledge = load(str(file)).knowledge

    assert knowledge.greeting == "您好！"
    assert (len(knowledge.pairs), len(knowledge.skills), len(knowledge.facts)) == (1, 1, 1)
    assert (len(knowledge.documents), len(knowledge.cells)) == (1, 1)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
