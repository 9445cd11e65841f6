"""A run: what is pulled, file by file."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mockcbs.core.errors import UserError
from mockcbs.pull.errors import PullError
from mockcbs.pull.names import Names
from mockcbs.pull.run import Run
from mockcbs.pull.tables import Column, Table

BOT = "7342866812345678901"
DAYS = [date(2026, 11, number) for number in range(1, 6)]
TABLE = Table("metrics", (Column("n", "integer"),), days_per_call=2)


class Source:
    """Answers with the number of each day; fails on some."""

    tables = (TABLE,)
    zone = UTC

    def __init__(self, *failing):
        self.failing, self.calls = failing, []

    def rows(self, table, bot, days):
        assert (table, bot) == (TABLE, BOT)
        self.calls.append([day.day for day in days])
        if set(days) & set(self.failing):
            raise PullError("the service is down")
        return {day: [(day.day,)] for day in days}


class Folder(dict):
    """Files in memory, with the time at which each was written."""

    def write(self, name, content):
        self[name] = content

    def modified(self, name):
        return self.get(name)


def written(table, rows):
    assert table is TABLE
    return repr(rows).encode()


def run(source, folder, **options):
    return Run(
        source,
        folder,
        Names("{kind}/{bot}-{date}.csv", "csv"),
        written,
        [BOT],
        DAYS,
        **options,
    )


def test_days_go_together_up_to_the_limit_of_a_call():
    """Days of one call get a file each, and all are counted."""
    source, folder, seen = Source(), Folder(), []

    made = run(source, folder, on_file=lambda: seen.append(1))
    made.go()

    assert source.calls == [[1, 2], [3, 4], [5]]
    assert folder["metrics/7342866812345678901-2026-11-03.csv"] == b"[(3,)]"
    assert (made.total, made.files, made.rows, len(seen)) == (5, 5, 5, 5)


def test_a_failure_leaves_what_was_written():
    """Files of earlier days are complete, later ones untouched."""
    folder = Folder()
    made = run(Source(DAYS[3]), folder)

    with pytest.raises(PullError, match="down"):
        made.go()

    assert sorted(folder) == [
        "metrics/7342866812345678901-2026-11-01.csv",
        "metrics/7342866812345678901-2026-11-02.csv",
    ]
    assert made.files == 2


def test_resume_leaves_complete_files_alone():
    """A file that was written before its day had ended is not complete."""
    source, folder = Source(), Folder()
    ended = datetime(2026, 11, 2, tzinfo=UTC)
    folder["metrics/7342866812345678901-2026-11-01.csv"] = ended
    folder["metrics/7342866812345678901-2026-11-02.csv"] = ended + timedelta(hours=12)

    made = run(source, folder, resume=True)
    made.go()

    assert source.calls == [[2, 3], [4, 5]]
    assert (made.kept, made.files) == (1, 4)
    assert folder["metrics/7342866812345678901-2026-11-01.csv"] == ended


def test_names_are_checked_before_anything_is_pulled():
    """Two files with one name are refused, because one would be lost."""
    with pytest.raises(UserError):
        Run(Source(), Folder(), Names("{kind}/{date}.csv", "csv"), written, [BOT, BOT[::-1]], DAYS)
