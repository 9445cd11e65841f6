"""Tables on a terminal: ids stay whole, whatever the width."""

import os
import pty
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from mockcbs.cli import main
from mockcbs.cli.tables import show

BOTS = ["00000000-0000-0000-0000-000000000031", "00000000-0000-0000-0000-000000000032"]
ROWS = [{"name": "one", "description": "a description of some words " * 4, "bots": BOTS, "clock": "real"}]


def on_terminal(width: int, *arguments: str) -> str:
    """What a command prints on a terminal of that width."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "mockcbs", *arguments]
    with subprocess.Popen(
        command, stdout=theirs, stderr=theirs, env={**os.environ, "COLUMNS": str(width), "TERM": "dumb"}
    ) as process:
        os.close(theirs)
        pieces = []
        try:
            while piece := os.read(ours, 65536):
                pieces.append(piece)
        except OSError:  # how Linux says that the other end is closed
            pass
        assert process.wait(30) == 0
    os.close(ours)
    return b"".join(pieces).decode().replace("\r\n", "\n")


@pytest.mark.parametrize(
    "command",
    ["errors", *(pytest.param(name, marks=pytest.mark.slow) for name in ("datasets", "routes", "scenarios"))],
)
def test_80_columns(command):
    """Lines have up to 80 columns unless a word is longer, and every id and path can be copied.

    A Chinese character is two columns wide.
    """
    lines = on_terminal(80, command).splitlines()
    listed = CliRunner().invoke(main.cli, [command, "--json"]).output
    whole = re.findall(r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b|/v1/[^\"]*", listed)

    assert all(any(one in line for line in lines) for one in whole)
    assert [line for line in lines if cell_len(line) > 80 and len(line.split()) > 2] == []


def test_a_pipe_gets_one_line_a_row(capsys):
    """If the output is a pipe, each row is one line and no word is broken."""
    show(["name", "bots"], ROWS, as_json=False)

    head, row = capsys.readouterr().out.splitlines()
    assert head.split() == ["name", "bots"]
    assert row.rstrip().endswith(", ".join(BOTS))


def test_help_cuts_no_summary():
    """Lists of commands show whole sentences."""
    for group in ([], ["examine"]):
        printed = CliRunner().invoke(main.cli, [*group, "--help"]).output

        assert "..." not in printed.partition("Commands:")[2]


def test_routes_lists_the_mocks_own():
    """The control API and the console are among the operations."""
    printed = CliRunner().invoke(main.cli, ["routes"]).output

    assert "/_mockcbs/journal" in printed
    assert "/_mockcbs/console" in printed
