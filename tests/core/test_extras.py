"""Commands that need an extra, where it is not installed."""

import subprocess
import sys
from importlib import import_module

import pytest

from mockcbs.core import extras


@pytest.mark.parametrize(
    ("module", "arguments", "need", "extra"),
    [
        ("mcp", ["mcp"], "mockcbs mcp needs the MCP SDK", "mcp"),
        ("hypothesis", ["examine", "client", "true"], "mockcbs examine client needs Hypothesis", "examine"),
        (
            "sqlalchemy",
            ["receive", "--database", "sqlite:///a"],
            "mockcbs receive needs SQLAlchemy",
            "receive",
        ),
        (
            "psycopg",
            ["serve", "--state", "postgresql://localhost/mock"],
            "--state postgresql://… needs psycopg with its pool",
            "postgres",
        ),
    ],
)
def test_the_extra_is_named(module, arguments, need, extra):
    """The error has one line, with the command that installs what is missing."""
    without = f"import sys; sys.modules['{module}'] = None; from mockcbs.cli.main import main; main()"

    done = subprocess.run(
        [sys.executable, "-c", without, *arguments], capture_output=True, text=True, timeout=60, check=False
    )

    message = f"mockcbs: {need}; install it with: pip install 'mockcbs[{extra}]'\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)


def test_a_mistake_of_ours_is_no_missing_extra():
    """A module of mockcbs that cannot be imported is not blamed on a library."""
    with pytest.raises(ModuleNotFoundError, match="no_such_module"), extras.needed("x", "y", "pull"):
        import_module("mockcbs.core.no_such_module")
