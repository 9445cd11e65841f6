"""``mockcbs mcp``, driven by the official client over the streams of a real process."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from mockcbs.cli import main
from mockcbs.cli.mcp import _INSTALL

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


def test_the_extra_is_named():
    """If the SDK is not installed, the error names the extra to install."""
    without = "import sys; sys.modules['mcp'] = None; from mockcbs.cli.main import main; main()"

    done = subprocess.run(
        [sys.executable, "-c", without, "mcp"], capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"mockcbs: {_INSTALL}\n"
