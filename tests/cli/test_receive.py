"""``mockcbs receive``."""

import pytest

from tests.cli.exams import receiving, run


@pytest.mark.slow
def test_a_used_database_is_refused(tmp_path):
    """A database with stored events is refused with status 2, because an exam could not tell them apart."""
    database = f"sqlite:///{tmp_path / 'events.sqlite'}"

    with receiving("--database", database) as (url, _):
        run("examine", "webhook", url)
        done = run("examine", "webhook", url, "--sql", database)

    assert done.returncode == 2
    assert "begin with an empty database" in done.stderr


def test_reports_are_printed(tmp_path):
    """``--report`` prints SQL that a user can paste, and what it finds; a missing file is an error."""
    file = tmp_path / "events.sqlite"
    missing = run("receive", "--report", "--database", f"sqlite:///{file}")
    file.touch()
    done = run("receive", "--report", "--database", f"sqlite:///{file}")

    assert missing.returncode == 2
    assert "there is no such file; nothing was received yet" in missing.stderr
    assert done.returncode == 0
    assert "-- by channel\nSELECT connector_id AS channel" in done.stdout
    assert "-- total_calls=0" in done.stdout
