"""A run of a pull, file by file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Protocol

from mockcbs.pull.days import ONE_DAY, cut, midnight
from mockcbs.pull.folders import Folder
from mockcbs.pull.names import Names, check_bot
from mockcbs.pull.tables import Row, Table


class Source(Protocol):
    """A service to pull from."""

    tables: tuple[Table, ...]
    zone: tzinfo
    """The time zone of the days."""

    def rows(self, table: Table, bot: str, days: Sequence[date]) -> dict[date, list[Row]]:
        """The rows of consecutive *days*, no more than ``table.days_per_call``. Raises `PullError`."""


@dataclass
class Run:
    """Pulls tables of bots on some days into a folder."""

    source: Source
    folder: Folder
    names: Names
    write: Callable[[Table, Sequence[Row]], bytes]
    """Makes the bytes of a file."""
    bots: Sequence[str]
    days: Sequence[date]
    """The days, ascending."""
    resume: bool = False
    """Whether to skip complete files."""
    on_file: Callable[[], None] = lambda: None
    """Called for each file, written or skipped."""
    rows: int = field(default=0, init=False)
    files: int = field(default=0, init=False)
    """The number of files written so far."""
    kept: int = field(default=0, init=False)
    """The number of files that were complete before."""

    def __post_init__(self) -> None:
        for bot in self.bots:
            check_bot(bot)
        self.names.check_distinct(
            self.names.name(table.kind, bot, day)
            for bot in self.bots
            for table in self.source.tables
            for day in self.days
        )

    @property
    def total(self) -> int:
        """The number of files of the run."""
        return len(self.bots) * len(self.days) * len(self.source.tables)

    def go(self) -> None:
        """Pull everything, oldest day first.

        Raises `PullError` at the first failure. Files written before it are complete; all others are
        untouched.
        """
        for bot in self.bots:
            for table in self.source.tables:
                for days in cut(self._missing(table, bot), table.days_per_call):
                    self._pull(table, bot, days)

    def _missing(self, table: Table, bot: str) -> list[date]:
        if not self.resume:
            return list(self.days)
        missing = [day for day in self.days if not self._is_complete(table, bot, day)]
        self.kept += len(self.days) - len(missing)
        for _ in range(len(self.days) - len(missing)):
            self.on_file()
        return missing

    def _is_complete(self, table: Table, bot: str, day: date) -> bool:
        """Whether the file was written after the end of its day."""
        written = self.folder.modified(self.names.name(table.kind, bot, day))
        return written is not None and written >= midnight(day + ONE_DAY, self.source.zone)

    def _pull(self, table: Table, bot: str, days: Sequence[date]) -> None:
        for day, rows in self.source.rows(table, bot, days).items():
            self.folder.write(self.names.name(table.kind, bot, day), self.write(table, rows))
            self.rows += len(rows)
            self.files += 1
            self.on_file()
