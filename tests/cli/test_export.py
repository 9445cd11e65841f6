"""``mockcbs export``, and the other commands that print and end."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mockcbs.core.clock import instant
from mockcbs.traffic import table
from tests.cli.commands import run
from tests.conftest import BOT

COLUMNS = ",".join(table.COLUMNS)
RANGE = ["--from", "2026-11-02", "--to", "2026-11-04", "--now", "2026-11-22"]


def test_csv_has_a_row_a_turn_in_order():
    """The documented columns, ordered by time, then session; every session id is of one user."""
    output = run("export", "--bot", BOT, *RANGE).stdout

    rows = list(csv.DictReader(io.StringIO(output)))
    order = [(int(row["at_ms"]), row["session_id"]) for row in rows]
    assert output.splitlines()[0] == COLUMNS
    assert order == sorted(order)
    assert instant("2026-11-02") <= order[0][0]
    assert order[-1][0] < instant("2026-11-05")
    assert {row["status"] for row in rows} <= {"success", "failed"}
    assert len({(row["session_id"], row["user_id"]) for row in rows}) == len(
        {row["session_id"] for row in rows}
    )


def test_jsonl_holds_the_same(tmp_path):
    """JSON lines have the same values, numbers as numbers; the file appears whole."""
    file = tmp_path / "turns.jsonl"

    result = run("export", "--bot", BOT, *RANGE, "--format", "jsonl", "--project", "p1", "-o", str(file))

    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    rows = list(csv.DictReader(io.StringIO(run("export", "--bot", BOT, *RANGE, "--project", "p1").stdout)))
    assert result.exit_code == 0
    assert [{key: str(value) for key, value in line.items()} for line in lines] == rows
    assert isinstance(lines[0]["at_ms"], int)
    assert [entry.name for entry in tmp_path.iterdir()] == ["turns.jsonl"]


def test_days_join_without_seam():
    """Three days exported one by one are the three days exported at once."""
    whole = run("export", "--bot", BOT, *RANGE).stdout.splitlines()[1:]

    parts = []
    for day in ("2026-11-02", "2026-11-03", "2026-11-04"):
        output = run("export", "--bot", BOT, "--from", day, "--to", day, "--now", "2026-11-22").stdout
        parts += output.splitlines()[1:]

    assert parts == whole


def test_nothing_later_than_now_is_exported():
    """The last day ends at the time of the clock."""
    now = "2026-11-04T06:00:00Z"

    rows = list(csv.DictReader(io.StringIO(run("export", "--bot", BOT, "--now", now).stdout)))

    assert int(rows[-1]["at_ms"]) <= instant(now)
    assert instant("2026-08-06") <= int(rows[0]["at_ms"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--bot", "x"], "bot id 'x' is not a UUID or 16 to 20 digits"),
        (["--bot", BOT, "--from", "2026-11-31"], "there is no day 2026-11-31"),
        (["--bot", BOT, "--from", "soon"], "'soon' is not a date such as 2026-02-28"),
        (["--bot", BOT, "--from", "2026-11-02", "--to", "2026-11-01"], "the first day lies after the last"),
        (["--bot", BOT, "--now", "soon"], "'soon' is neither epoch milliseconds"),
        (["--bot", BOT, "--dataset", "nowhere"], "no dataset 'nowhere'"),
        (["--bot", BOT, "-o", "/nonexistent/x.csv"], "/nonexistent/x.csv"),
        ([], "Missing option '--bot'"),
    ],
)
def test_mistakes_are_named(arguments, words):
    """Every mistake is a message and exit status 2."""
    result = run("export", *arguments)

    assert result.exit_code == 2
    assert words in result.output


@pytest.mark.parametrize("command", ["datasets", "errors", "routes"])
def test_lists_come_as_table_and_as_json(command):
    """A command that prints a table for a terminal prints the same as JSON with --json."""
    table = run(command)
    rows = json.loads(run(command, "--json").stdout)

    assert table.exit_code == 0
    assert all(column in table.stdout.splitlines()[0] for column in rows[0])
    assert len(rows) >= 6


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize(
    "command",
    [
        ["export", "--bot", BOT],
        pytest.param(["errors"], marks=pytest.mark.slow),
        pytest.param(["errors", "--json"], marks=pytest.mark.slow),
        ["--help"],
    ],
)
def test_a_full_disk_is_told_in_one_line(command):
    """A full disk is reported in one line when a command prints a table or its help."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "mockcbs", *command],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )

    assert (done.returncode, done.stderr) == (1, "mockcbs: standard output: No space left on device\n")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
    """A pipe or a device is written to; only a file is replaced."""
    pipe = tmp_path / "turns"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDWR)  # so that nobody waits to open it
    hour = ["--from", "2026-11-02", "--now", "2026-11-02T01:00:00Z"]

    done = run("export", "--bot", BOT, *hour, "-o", str(pipe))

    assert done.exit_code == 0
    assert pipe.is_fifo()
    assert os.read(reader, 2**16).decode() == run("export", "--bot", BOT, *hour).stdout
    os.close(reader)


def test_the_suffix_tells_the_format(tmp_path):
    """A file is overwritten only on request; its suffix sets the format unless --format does."""
    lines, table_ = tmp_path / "turns.jsonl", tmp_path / "turns.csv"

    assert run("export", "--bot", BOT, *RANGE, "-o", str(lines)).exit_code == 0
    assert run("export", "--bot", BOT, *RANGE, "-o", str(table_)).exit_code == 0
    again = run("export", "--bot", BOT, *RANGE, "-o", str(lines))
    forced = run("export", "--bot", BOT, *RANGE, "-o", str(lines), "--force", "--format", "csv")

    assert table_.read_text().splitlines()[0] == COLUMNS
    assert "exists already; --force overwrites it" in str(again.exception) + again.output
    assert forced.exit_code == 0
    assert lines.read_text() == table_.read_text()


@pytest.mark.parametrize("name", ["turns.parquet", "turns.xlsx", "turns.JSON"])
def test_an_unknown_suffix_is_refused(tmp_path, name):
    """A file of another suffix never contains CSV, unless --format selects it."""
    file = tmp_path / name

    refused = run("export", "--bot", BOT, *RANGE, "-o", str(file))

    assert "use .csv, .jsonl, .ndjson, or --format" in str(refused.exception) + refused.output
    assert not file.exists()
    assert run("export", "--bot", BOT, *RANGE, "--format", "csv", "-o", str(file)).exit_code == 0
