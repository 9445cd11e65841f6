"""Output for people: no text of a file, a server or a client controls the terminal or forges a line."""

import json

import pytest

from mockcbs.cli.output import say, say_json
from mockcbs.cli.tables import show
from tests.cli.commands import run_program

HOSTILE = "a\n::error::FORGED\r\x1b[2J\x00\x7f\x9b2J\u2028\u202e"
"""Line breaks, escape sequences, NUL and a change of the direction of writing."""
COMMANDS = {
    "dataset": (["check"], ["datasets", "--show"], ["datasets", "--show", "--json"]),
    "scenario": (["check"], ["serve", "--port", "0", "--scenario"]),
    "wrong": (["check"], ["datasets", "--show"], ["serve", "--port", "0", "--dataset"]),
}
FILES = {
    "dataset": {"description": HOSTILE, "bots": [{"id": "7342866812345678901", "name": HOSTILE}]},
    "scenario": {"description": HOSTILE, "rules": [{"when": {"path": HOSTILE}, "then": {HOSTILE: 1}}]},
    "wrong": {"bots": [{"id": HOSTILE, HOSTILE: HOSTILE}]},
}


def controls(text: str) -> set[str]:
    """The characters of *text* that no terminal should see."""
    return {character for character in text if not character.isprintable()} - {"\n"}


def test_a_line_stays_one_line(capsys):
    """Every argument is one line, whatever it contains."""
    say("first", HOSTILE)

    out = capsys.readouterr().out
    assert out.splitlines() == ["first", "a\\n::error::FORGED\\r\\x1b[2J\\x00\\x7f\\x9b2J\\u2028\\u202e"]


def test_json_has_its_own_escapes(capsys):
    """JSON is still JSON with the same value."""
    say_json({"name": HOSTILE, "中": "文"})

    out = capsys.readouterr().out
    assert not controls(out)
    assert json.loads(out) == {"name": HOSTILE, "中": "文"}
    assert "文" in out


@pytest.mark.parametrize("as_json", [True, False])
def test_tables(capsys, as_json):
    """A cell of a table is printable."""
    show(["name"], [{"name": HOSTILE}], as_json=as_json)

    assert not controls(capsys.readouterr().out)


@pytest.mark.parametrize(("kind", "command"), [(kind, one) for kind in COMMANDS for one in COMMANDS[kind]])
def test_texts_of_files(tmp_path, kind, command):
    """Names, descriptions and mistakes of files are printed with escapes."""
    file = tmp_path / "hostile.yaml"
    file.write_text(json.dumps(FILES[kind]))

    done = run_program(*command, str(file))

    assert not controls(done.stdout + done.stderr)
    assert not any(line.startswith("::error") for line in (done.stdout + done.stderr).splitlines())
    assert done.stdout + done.stderr
