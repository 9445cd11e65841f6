"""``mockcbs mcp``, driven by the official client over the streams of a real process."""

import pytest
from click.testing import CliRunner

from mockcbs.cli import main

pytest.importorskip("mcp", reason="mcp is not installed: pip install 'mockcbs[mcp]'")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--url", "http://127.0.0.1:9"], "no mock responds at http://127.0.0.1:9"),
        (["--url", "localhost:8021"], "'localhost:8021' is not an http or https URL"),
        (["--url", "http://127.0.0.1:9", "--seed", "7"], "--seed is for a mock that is started here"),
        (["--no-control"], "--no-control closes what the tools use"),
        (["--datset", "quiet"], "mcp has no option --datset; did you mean '--dataset'?"),
    ],
)
def test_mistakes(options, message):
    """Each mistake is reported in one line that states what to do."""
    done = CliRunner().invoke(main.cli, ["mcp", *options])

    assert message in str(done.exception) + done.output
