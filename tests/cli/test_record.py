"""``mockcbs record``."""

import pytest

from tests.cli.commands import run

UPSTREAM = ("--upstream", "http://127.0.0.1:9")


def test_a_recording_is_not_overwritten(tmp_path):
    """Without --force, an existing recording is refused before any server is called."""
    file = tmp_path / "recorded.json"
    file.write_text("kept")

    ended = run("record", *UPSTREAM, "--out", str(file))

    assert ended.exit_code == 2
    assert "--force" in ended.output
    assert file.read_text() == "kept"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--out", "x.json"), "--upstream"),
        (UPSTREAM, "--out"),
        (("--upstream", "nowhere", "--out", "x.json"), "nowhere"),
        ((*UPSTREAM, "--out", "x.json", "--port", "70000"), "70000"),
    ],
)
def test_mistakes_are_named(options, reason):
    """Each mistake is reported in one line, with status 2."""
    ended = run("record", *options)

    assert ended.exit_code == 2
    assert reason in ended.output
