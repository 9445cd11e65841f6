"""Errors that end a pull."""

from click.testing import CliRunner

from mockcbs import Settings, create_app
from mockcbs.cli.main import cli
from tests.conftest import NOW
from tests.servers import served


def test_the_command_ends_with_the_reason(tmp_path):
    """The error is one line with the numbers of pulled rows, and without a traceback."""
    app = create_app(Settings(now=NOW, strict=True))
    with served(app) as url:
        options = [
            "--coze",
            url,
            "--bot",
            "7342866812345678901",
            "--token",
            "pat_wrong",
            "--out",
            str(tmp_path),
        ]

        result = CliRunner().invoke(cli, ["pull", *options, "--token", "pat_wrong"])

    reason, summary = result.output.splitlines()
    assert result.exit_code == 1
    assert reason.startswith("mockcbs: ")
    assert "token" in reason
    assert summary.startswith("failed; ")
    assert "pat_wrong" not in result.output
