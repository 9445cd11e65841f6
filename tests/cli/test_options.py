"""Options made from settings: a field is a flag, a variable, a check."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import click
import pytest
from click.testing import CliRunner

from mockcbs.cli.options import setting_options, take
from mockcbs.core.errors import UserError
from mockcbs.core.setting import check, setting


@dataclass(frozen=True)
class Example:
    """One setting of each kind."""

    size: int = setting(3, "How large.", bounds=(1, 9))
    share: float = setting(0.5, "How much.")
    colour: Literal["red", "blue"] | None = setting(None, "Which colour.", unset="any")
    file: str | None = setting(None, "Which file.", path=True, metavar="FILE")
    open: bool = setting(True, "Closes it.")
    loud: bool = setting(False, "Shouts.")
    host: tuple[str, ...] = setting((), "Who may call.")

    def __post_init__(self):
        check(self)


@click.command()
@setting_options(Example)
def command(**options):
    """Print the settings."""
    click.echo(repr(take(Example, options)))


@click.command()
@setting_options(Example, "loud")
def short(**options):
    """Print the settings; one can be chosen."""
    click.echo(repr(take(Example, options)))


def run(*arguments: str, command=command, **variables: str) -> str:
    return CliRunner().invoke(command, arguments, env=variables).output.strip()


def test_without_options_the_defaults_hold():
    """A setting without flag and variable keeps its default."""
    assert run() == repr(Example())


def test_flags_fill_the_settings():
    """Each setting has a flag; ``--no-`` switches off one that is on by default."""
    given = "--size 4 --share 0.25 --colour red --file x --no-open --loud --host a --host b".split()

    assert run(*given) == repr(Example(4, 0.25, "red", "x", open=False, loud=True, host=("a", "b")))


def test_variables_fill_the_settings():
    """Each setting has a variable with the name of the flag."""
    variables = {"MOCKCBS_SIZE": "4", "MOCKCBS_NO_OPEN": "1", "MOCKCBS_HOST": "a b"}

    assert run(**variables) == repr(Example(4, open=False, host=("a", "b")))


def test_a_command_may_have_some_of_them():
    """A command may have some of the settings; the others keep their defaults."""
    assert run("--loud", command=short) == repr(Example(loud=True))
    assert "No such option" in run("--size", "4", command=short)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"size": 10}, "size 10 is not between 1 and 9"),
        ({"size": True}, "size True is not a whole number"),
        ({"share": "x"}, "share 'x' is not a number"),
        ({"colour": "green"}, "colour 'green' is not one of None, red, blue"),
        ({"file": ""}, "file '' is not a text of at least one character or a path"),
        ({"open": 1}, "open 1 is not True or False"),
        ({"host": ("a", 1)}, "host ('a', 1) is not a list of texts"),
    ],
)
def test_other_values_are_refused(given, message):
    """The error names the setting, the wrong value and the accepted ones."""
    with pytest.raises(UserError) as raised:
        Example(**given)

    assert str(raised.value) == message


def test_paths_and_lists_are_taken():
    """A path becomes a text, a list a tuple: settings stay values that compare and hash."""
    example = Example(file=Path("a/b"), host=["a"])

    assert (example.file, example.host) == (str(Path("a/b")), ("a",))
    assert hash(example)
