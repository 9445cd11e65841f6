"""The blocks of code in the documentation, and how to run them."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.databases import free_port
from tests.docs.test_chinese import PAIRS
from tests.docs.test_pages import commands

ROOT = Path(__file__).parents[2]
PAGES = [
    page.relative_to(ROOT).as_posix()
    for page in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))
    if page.name != "CHANGELOG.md" and page.relative_to(ROOT).as_posix() not in PAIRS.values()
]
"""The pages; another test keeps the blocks of the Chinese edition equal to those of the English one."""

SHELL = {"sh", "console"}
_SHELL_WORDS = ("mockcbs ", "pip ", "curl ", "$ ")


@dataclass(frozen=True)
class Block:
    """A fenced or indented block of a page."""

    page: str
    line: int
    """Where it begins."""
    language: str
    """That of the fence; `sh`, `console` or `text` if it names none or is indented."""
    text: str

    @property
    def name(self) -> str:
        """The place of the block, as editors spell it."""
        return f"{self.page}:{self.line}"


def blocks(page: str) -> list[Block]:
    """The blocks of *page*."""
    return [
        Block(page, line, language or _guessed(text), text)
        for line, language, text in _found((ROOT / page).read_text("utf-8").splitlines())
    ]


def _guessed(text: str) -> str:
    if text.startswith("$ "):
        return "console"
    return "sh" if text.startswith(_SHELL_WORDS) else "text"


def _found(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """Line, language and text of each block."""
    at = 0
    while at < len(lines):
        begin = at
        at += 1
        if fence := re.fullmatch(r"( *)```(\w*)", lines[begin]):
            while lines[at].strip() != "```":
                at += 1
            yield begin + 1, fence[2], _without(fence[1], lines[begin + 1 : at])
            at += 1
        elif lines[begin].startswith("    ") and not lines[begin - 1].strip():
            while at < len(lines) and (lines[at].startswith("    ") or _goes_on(lines[at : at + 2])):
                at += 1
            yield begin + 1, "", _without("    ", lines[begin:at])


def _goes_on(lines: list[str]) -> bool:
    return not lines[0].strip() and lines[-1].startswith("    ")


def _without(indent: str, lines: list[str]) -> str:
    return "".join(f"{line.removeprefix(indent)}\n" for line in lines)


ALL = [block for page in PAGES for block in blocks(page)]


@dataclass(frozen=True)
class Step:
    """What is typed at once, and what the page shows as its output; `None` if it shows nothing."""

    command: str
    shown: str | None


def steps(block: Block) -> list[Step]:
    """The commands of a block; one that shows no output is a step as a whole."""
    if block.language != "console":
        return [Step(block.text, None)]
    found: list[Step] = []
    for first, rest in commands(block.text):
        lines = [first, *rest.splitlines()]
        end = next(number for number, line in enumerate(lines) if not line.endswith("\\")) + 1
        shown = "\n".join(lines[end:])
        found.append(Step("\n".join(lines[:end]) + "\n", shown or None))
    return found


_FUNCTIONS = """
pip() { [ "$1" = install ]; }  # another test looks at what is installed
mockcbs() {
    case "$1 ${2-}" in
        serve*|record*) ;;
        "receive ") set -- receive --port $RECEIVER ;;
        "examine client") command mockcbs "$@" --cases 1; return ;;  # six take minutes
        *) command mockcbs "$@"; return ;;
    esac
    if [ "$1" = serve ] && [ -n "${serving-}" ]; then kill $serving; wait $serving; fi
    command mockcbs "$@" > "$1.out" 2>&1 &
    [ "$1" = serve ] && serving=$!
    for _ in $(seq 300); do
        grep -q http "$1.out" && return
        kill -0 $! 2> /dev/null || break
        sleep 0.1
    done
    cat "$1.out"
    return 1
}
"""
"""Servers run in the background, on ports of their own, and are ready when the next command runs."""

_MARK = "~~~ snippet"
_SERVER = re.compile(r"mockcbs serve\b")


def run(these: list[Step], folder: Path, start: str = "mockcbs serve") -> list[tuple[int, str]]:
    """Exit status and output of each step, typed one after the other into one shell in *folder*.

    If no step starts a mock but one calls it, the command *start* does.
    """
    port, receiver = free_port(), free_port()
    needed = "8021" in "".join(step.command for step in these)
    if needed and not any(_SERVER.search(step.command) for step in these):
        these = [Step(f"{start}\n", None), *these]
    script = _FUNCTIONS + "".join(f"{step.command}\necho; echo '{_MARK}' $?\n" for step in these)
    (folder / "script.sh").write_text(script.replace("8021", str(port)).replace("8022", str(receiver)))
    output = _output(folder, {"MOCKCBS_PORT": str(port), "RECEIVER": str(receiver)})
    parts = re.split(rf"^{_MARK} (\d+)\n", output.replace(str(port), "8021"), flags=re.MULTILINE)
    done = [(int(status), text) for text, status in zip(parts[::2], parts[1::2], strict=False)]
    assert len(done) == len(these), output
    return done


def _output(folder: Path, variables: dict[str, str]) -> str:
    """What the script prints; at its end all that it started is ended."""
    environment = {
        "HOME": str(folder),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "NO_PROXY": "127.0.0.1",
        **variables,
    }
    with (folder / "output.txt").open("w+", encoding="utf-8") as output:
        process = subprocess.Popen(
            ["bash", "script.sh"],
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            process.wait(250)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(10)
        return (folder / "output.txt").read_text("utf-8")
