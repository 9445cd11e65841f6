"""``mockcbs check``: files that users write."""

import re

import pytest
from click.testing import CliRunner

from mockcbs.cli.check import command
from mockcbs.core.files import shipped

DATASET = """
x-turns: &turns
  - {at: 2026-11-02T10:00:00+08:00, question: 桌面云打不开}
bots:
  - id: 303a0a00-c88a-43e3-aa2f-d5b8b9832b02
    sessions: [{id: one, turns: *turns}, {id: two, turns: *turns}]
  - {id: "*", traffic: {}}
"""
FILES = {
    "dataset": (DATASET, "a dataset: 2 bots, 1 with generated traffic, 2 stated sessions"),
    "scenario": (
        "x-down: &down {error: unavailable}\nrules: [{when: {first: 2}, answer: *down}]\n",
        "a scenario: 1 rule",
    ),
    "knowledge": (
        "x-a: &a {domain: d}\npairs: [{<<: *a, question: q, answer: a}]\n",
        "a knowledge base: 1 pair",
    ),
    "deviations": ("[]", "known deviations: 0 known deviations"),
}


def check(*arguments):
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


@pytest.mark.parametrize("kind", FILES)
def test_a_good_file(tmp_path, kind):
    """The keys of a file decide its kind; keys x-… may contain values for aliases."""
    file = tmp_path / "mine.yaml"
    file.write_text(FILES[kind][0])

    done = check(file)

    assert (done.exit_code, done.output) == (0, f"{file}: good, {FILES[kind][1]}\n")


def test_what_is_shipped_is_good():
    """Every shipped file passes."""
    done = check(
        *(path for kind in ("datasets", "scenarios", "knowledge") for path in shipped(kind).values())
    )

    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "bots: [{id: '*', trafic: {}}]",
            r"mine.yaml:1: bots\[0\].trafic: unknown key; .*did you mean 'traffic'\?",
        ),
        ("rules: [{when: {nth: 0}}]", r"mine.yaml:1: rules\[0\]"),
        ("name: mine", r"has none of bots \(a dataset\), rules \(a scenario\), pairs \(a knowledge base\)"),
        ("bots: [", "mine.yaml:2: a value or a closing bracket is missing here"),
        ("[{clause: cbs.no, reason: r, since: 2026-11-02}]", "there is no clause 'cbs.no'"),
    ],
)
def test_a_bad_file(tmp_path, text, error):
    """A bad file causes an error with line, key and accepted values; the other files are still checked."""
    bad, good = tmp_path / "mine.yaml", tmp_path / "good.yaml"
    bad.write_text(text)
    good.write_text(DATASET)

    done = check(bad, good)

    assert done.exit_code == 1
    assert re.search(error, done.output), done.output
    assert f"{good}: good" in done.output


def test_a_missing_file(tmp_path):
    """A missing file causes status 2."""
    done = check(tmp_path / "none.yaml")

    assert "none.yaml: no such file" in str(done.exception)


def test_a_name_that_is_too_long():
    """It is refused like a missing file, not with a traceback."""
    done = CliRunner().invoke(command, ["n" * 300])

    assert "no such file" in str(done.exception)
    assert not isinstance(done.exception, OSError)
