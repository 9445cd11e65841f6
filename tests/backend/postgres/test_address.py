"""Where a database is."""

import pytest

from mockcbs.backend.postgres.address import parse
from mockcbs.core.errors import UserError
from tests.cli.commands import run_program


@pytest.mark.parametrize(
    "state", ["postgresql://u:geheim@127.0.0.1:1/db", "postgresql://u:geheim@[/db", "postgresql://u:geheim@h"]
)
def test_a_password_is_never_printed(state):
    """No error about the URL or the database shows the password."""
    ended = run_program("serve", "--port", "0", "--state", state)

    assert ended.returncode == 2
    assert "--state" in ended.stderr
    assert "geheim" not in ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("state", "url", "schema", "shown"),
    [
        (
            "postgresql://u:geheim@h:5/db",
            "postgresql://u:geheim@h:5/db",
            "mockcbs",
            "postgresql://u@h:5/db?schema=mockcbs",
        ),
        (
            "postgres://h/db?schema=mine&sslmode=require",
            "postgresql://h/db?sslmode=require",
            "mine",
            "postgresql://h/db?sslmode=require&schema=mine",
        ),
        (
            "postgresql:///?dbname=db&password=geheim&host=/tmp",
            "postgresql:///?dbname=db&password=geheim&host=%2Ftmp",
            "mockcbs",
            "postgresql:///?dbname=db&host=%2Ftmp&schema=mockcbs",
        ),
    ],
)
def test_a_url_is_shown_without_its_secrets(state, url, schema, shown):
    """The schema is a parameter of mockcbs; all other parameters go to libpq unchanged."""
    found = parse(state)

    assert (found.url, found.schema, str(found)) == (url, schema, shown)
    assert "geheim" not in repr(found)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("postgresql://h/db?schema=a-b", "is not a name of at most 63 letters"),
        ("postgresql://h/db?schema=" + "x" * 64, "is not a name of at most 63 letters"),
        ("postgresql://h", "names no database"),
        ("postgresql://h:port/db", "not a URL of PostgreSQL"),
    ],
)
def test_a_wrong_url_is_refused_with_what_is_accepted(state, reason):
    """An error is raised before a connection is opened."""
    with pytest.raises(UserError, match=reason):
        parse(state)
