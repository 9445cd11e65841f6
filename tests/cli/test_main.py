"""The command as a whole: its list, its mistakes, and what it loads."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from mockcbs.cli.main import COMMANDS, cli
from tests.cli.commands import run_program


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_listed_as_it_describes_itself(name):
    """The line in the list is the first of the command's own help, and the command has the name."""
    command = cli.get_command(None, name)

    assert command.name == name
    assert " ".join(command.help.partition("\n\n")[0].split()) == COMMANDS[name]


def test_help_loads_no_command():
    """``mockcbs --help`` and ``--version`` are quick: neither numpy nor Flask is imported for them."""
    code = (
        "import sys; from mockcbs.cli.main import cli\n"
        "cli.main(['--help'], standalone_mode=False)\n"
        "print({'numpy', 'flask', 'yaml', 'mockcbs.settings'} & set(sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert all(f"\n  {name} " in done.stdout for name in COMMANDS)
    assert done.stdout.endswith("set()\n")


@pytest.mark.parametrize("given", [{}, {"OPENBLAS_NUM_THREADS": "2"}], ids=["by default", "as stated"])
def test_numpy_starts_no_threads(given):
    """Commands multiply no matrices; whoever states a number of threads for it gets as many."""
    code = (
        "import atexit, os, sys; from mockcbs.cli.main import main\n"
        "atexit.register(lambda: print('numpy' in sys.modules, os.environ['OPENBLAS_NUM_THREADS']))\n"
        "sys.argv = ['mockcbs', 'routes']; main()"
    )
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment | given
    )

    assert done.stdout.splitlines()[-1] == f"True {given.get('OPENBLAS_NUM_THREADS', '1')}"


def test_an_unknown_command_is_refused_with_the_likely_one():
    """One line names the probable command."""
    done = CliRunner().invoke(cli, ["serv"])

    assert done.exit_code == 2
    assert "No such command 'serv'; did you mean 'serve'?" in done.output


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["help"], "No such command 'help'; mockcbs --help lists the commands"),
        (["examine", "clint"], "No such command 'clint'; did you mean 'client'?"),
        (["--verson"], "mockcbs has no option --verson; did you mean '--version'?"),
        (["-V", "serve"], "mockcbs has no option -V; mockcbs --help lists them"),
    ],
)
def test_every_mistaken_name_has_a_hint(arguments, error):
    """Whoever guesses a command or an option learns its name, or where the names are."""
    done = CliRunner().invoke(cli, arguments, prog_name="mockcbs")

    assert done.exit_code == 2
    assert error in done.output


def test_errors_have_no_control_characters(tmp_path):
    """What stands in a file cannot move the cursor of the terminal or hide a part of the error."""
    path = tmp_path / "a.json"
    headers = {"X-A\r\x1b[2J": "a"}
    exchange = {"request": {"method": "GET", "path": "/"}, "response": {"status": 200, "headers": headers}}
    path.write_text(json.dumps({"exchanges": [exchange]}))

    done = run_program("serve", "--replay", str(path))

    assert done.returncode == 2
    assert "headers.X-A\\r\\x1b[2J: expected a header's name" in done.stderr
    assert "\x1b" not in done.stderr


LONG = "n" * 300
BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
DAYS = ["--bot", BOT, "--from", "2026-11-01", "--to", "2026-11-02"]


@pytest.mark.parametrize(
    "command",
    [
        ["serve", "--port", "0", "--dataset", LONG],
        ["serve", "--port", "0", "--scenario", LONG],
        ["serve", "--port", "0", "--state", LONG],
        ["serve", "--port", "0", "--replay", LONG],
        ["serve", "--port", "0", "--tls-cert", LONG, "--tls-key", LONG],
        ["serve", "--port", "0", "--coze-public-key", LONG],
        ["check", LONG],
        ["check", LONG, "--as", "dataset"],
        ["export", "--dataset", LONG, *DAYS],
        ["export", "-o", LONG, *DAYS],
        ["contract", "--report", LONG],
        ["contract", "--deviations", LONG],
        ["contract", "--recording", LONG],
        ["contract", "--drift", LONG],
        ["receive", "--port", "0", "--database", f"sqlite:///{LONG}", "--report"],
        ["record", "--port", "0", "--upstream", "http://127.0.0.1:9", "--out", LONG],
        ["pull", "--coze", "http://127.0.0.1:9", "--bot", "1", "--date", "2026-11-01", "--out", LONG],
    ],
    ids=lambda command: " ".join(command[:4])[:40],
)
def test_names_that_no_file_can_have(command, tmp_path, monkeypatch):
    """A name over 255 bytes is an error in one line, whichever option gives it."""
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(cli, command)

    assert isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code in {1, 2}


def test_errors_have_no_secrets():
    """A password in a URL on the command line is not repeated on the terminal."""
    done = run_program("examine", "webhook", "http://me:S3cr3t@127.0.0.1:1/")

    assert done.returncode == 2
    assert "http://me:***@127.0.0.1:1/ cannot be reached" in done.stderr
