"""What ``--help`` prints."""

import re
import shlex
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from mockcbs.cli.main import COMMANDS, cli


def commands(name: str) -> Iterator[tuple[str, click.Command]]:
    """The words that name a command and its subcommands, each with the command."""
    command = cli.get_command(None, name)
    assert command is not None
    yield name, command
    if isinstance(command, click.Group):
        for subcommand, found in command.commands.items():
            yield f"{name} {subcommand}", found


def texts(name: str) -> Iterator[tuple[str, str]]:
    """The words and the help of a command and its subcommands, in a terminal of 80 columns."""
    for words, _ in commands(name):
        done = CliRunner().invoke(cli, [*words.split(), "--help"], prog_name="mockcbs", terminal_width=80)
        yield words, done.output


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


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_teaches_by_an_example(name):
    """Each command and subcommand shows at least one way to run it."""
    assert [words for words, text in texts(name) if not examples(text)] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_explained(name):
    """Each option has a sentence, in its own words."""
    assert [
        (words, option.opts)
        for words, command in commands(name)
        for option in command.params
        if isinstance(option, click.Option) and not (option.help or "").strip()
    ] == []


def test_the_exit_statuses_are_stated():
    """The help of the program says what its exit statuses mean."""
    done = CliRunner().invoke(cli, ["--help"], prog_name="mockcbs", terminal_width=80)

    assert "Exit status: 0 success; 1 " in done.output
