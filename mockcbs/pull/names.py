"""Names of files, made from a pattern."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from string import Formatter

from mockcbs.core.errors import UserError
from mockcbs.core.spelling import meant

PATTERN = "{kind}/{bot}-{date}.{format}"
FIELDS = ("kind", "bot", "date", "format")

_BOT = re.compile(r"[0-9A-Za-z_-]{1,64}")


def check_bot(bot: str) -> None:
    """Raise `UserError` for an id that is not a bot's; such an id might leave the folder."""
    if _BOT.fullmatch(bot) is None:
        raise UserError(f"{bot!r} is not the id of a bot: digits (Coze) or a UUID (CBS)")


@dataclass(frozen=True)
class Names:
    """The pattern of file names; raises `UserError` for an unusable pattern."""

    pattern: str
    format: str

    def __post_init__(self) -> None:
        try:
            fields = [field for _, field, _, _ in Formatter().parse(self.pattern) if field is not None]
        except ValueError as error:
            raise UserError(f"--name {self.pattern!r}: {error}") from error
        for field in fields:
            if field not in FIELDS:
                accepted = ", ".join(f"{{{name}}}" for name in FIELDS)
                raise UserError(f"--name has {{{field}}}, not one of {accepted}{meant(field, FIELDS)}")
        path = PurePosixPath(self.pattern)
        if not path.name or path.is_absolute() or ".." in path.parts:
            raise UserError(f"--name {self.pattern!r} must stay in the folder of --out")

    def name(self, kind: str, bot: str, day: date) -> str:
        """The name of the file of one day and bot."""
        try:
            return self.pattern.format(kind=kind, bot=bot, date=day, format=self.format)
        except ValueError as error:
            raise UserError(f"--name {self.pattern!r}: {error}") from error

    def check_distinct(self, names: Iterable[str]) -> None:
        """Raise `UserError` if two files would have the same name."""
        name, count = Counter(names).most_common(1)[0]
        if count > 1:
            raise UserError(
                f"--name {self.pattern!r} gives {count} files the same name {name}; "
                "it needs {bot}, {date} and {kind}"
            )
