"""Tables on a terminal: ids stay whole, whatever the width."""

import os
import pty
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

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


@pytest.mark.parametrize("command", ["datasets", "errors"])
def test_80_columns(command):
    """On 80 columns no line is longer unless one word is, and every id can be copied."""
    lines = on_terminal(80, command).splitlines()
    ids = re.findall(
        r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b", CliRunner().invoke(main.cli, [command, "--json"]).output
    )

    assert ids
    assert all(any(one in line for line in lines) for one in ids)
    assert all(len(line) <= 80 or len(line.split()) <= 2 for line in lines)


def test_a_pipe_gets_one_line_a_row(capsys):
    """Where nobody reads along, no word is broken, and a program finds one row a line."""
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
