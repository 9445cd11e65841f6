"""What ``--help`` prints."""

import re
import shlex
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from mockcbs.cli.main import COMMANDS, cli


def texts(name: str) -> Iterator[tuple[str, str]]:
    """The words and the help of a command and its subcommands, in a terminal of 80 columns."""
    command = cli.get_command(None, name)
    subcommands = command.commands if isinstance(command, click.Group) else {}
    for words in ([name], *([name, subcommand] for subcommand in subcommands)):
        done = CliRunner().invoke(cli, [*words, "--help"], prog_name="mockcbs", terminal_width=80)
        yield " ".join(words), done.output


def examples(text: str) -> list[str]:
    """The commands that a help shows as examples."""
    return re.findall(
        r"^    (?:eval \"\$\()?(mockcbs [^|>)\n]*)", text.replace("\\\n", ""), flags=re.MULTILINE
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_a_terminal_of_80_columns_shows_it_whole(name):
    """No line is cut or wrapped by the terminal, and no name or secret is broken at a hyphen."""
    for words, text in texts(name):
        first, *lines = text.splitlines()

        assert first.startswith(f"Usage: mockcbs {words} ")
        assert [line for line in lines if len(line) > 80] == []
        assert [line for line in lines if re.search(r"\w-$|…$|\.\.\.$", line)] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_are_accepted(name, tmp_path, monkeypatch):
    """Each command that an example shows is one of this program, with options that it has."""
    monkeypatch.chdir(tmp_path)
    for _, text in texts(name):
        for example in examples(text):
            for file in re.findall(r"[\w-]+\.(?:yaml|json)", example):
                (tmp_path / file).touch()
            words = shlex.split(example)[1:]
            command: click.Command = cli
            while isinstance(command, click.Group):
                command = command.get_command(None, words.pop(0))

            assert command.make_context(name, words).command is command


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - {"datasets", "scenarios", "errors"}))
def test_a_command_teaches_by_an_example(name):
    """Only commands that just list something have none."""
    assert any(examples(text) for _, text in texts(name))
