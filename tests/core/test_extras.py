"""Commands that need an extra, where it is not installed."""

import sys
from importlib import import_module

import pytest

from mockcbs.core import extras
from tests.cli.commands import run_program


@pytest.mark.parametrize(
    ("library", "ours", "arguments", "need", "extra"),
    [
        ("mcp", "mockcbs.mcp", ["mcp"], "mockcbs mcp needs the MCP SDK", "mcp"),
        (
            "hypothesis",
            "mockcbs.examining",
            ["examine", "client", "true"],
            "mockcbs examine client needs Hypothesis",
            "examine",
        ),
        (
            "sqlalchemy",
            "mockcbs.webhooks.event_table",
            ["receive", "--database", "sqlite:///a"],
            "mockcbs receive needs SQLAlchemy",
            "receive",
        ),
        (
            "psycopg",
            "mockcbs.backend.postgres",
            ["serve", "--state", "postgresql://localhost/mock"],
            "--state postgresql://… needs psycopg with its pool",
            "postgres",
        ),
    ],
)
def test_the_extra_is_named(monkeypatch, library, ours, arguments, need, extra):
    """The error has one line, with the command that installs what is missing."""
    for name in list(sys.modules):
        if f"{name}.".startswith(f"{library}."):
            monkeypatch.setitem(sys.modules, name, None)
        if f"{name}.".startswith(f"{ours}."):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)

    done = run_program(*arguments)

    message = f"mockcbs: {need}; install it with: pip install 'mockcbs[{extra}]'\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)


def test_a_mistake_of_ours_is_no_missing_extra():
    """A module of mockcbs that cannot be imported is not blamed on a library."""
    with pytest.raises(ModuleNotFoundError, match="no_such_module"), extras.needed("x", "y", "pull"):
        import_module("mockcbs.core.no_such_module")
