"""Compares the findings of a run with those of the last run, and proposes how to fix each."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from mockcbs.contract import mends
from mockcbs.contract.compare import Difference
from mockcbs.contract.ledger import Entry, Ledger
from mockcbs.contract.mends import Mend
from mockcbs.core.errors import UserError
from mockcbs.core.files import write_whole

Change = Literal["new", "mended"]


@dataclass(frozen=True)
class Drift:
    """One broken clause, or one difference between two servers."""

    key: str
    """Identifies this drift across runs."""
    title: str
    standing: str
    detail: str
    mends: tuple[Mend, ...]
    """Proposals, ready to apply."""

    @property
    def mend(self) -> str:
        """The proposals as text for a report."""
        return "\n".join(one.sentence for one in self.mends)


def found(ledger: Ledger, differences: Iterable[Difference], target: str, today: date) -> list[Drift]:
    """The drifts that a run found."""
    broken = [_of_clause(entry, target, today) for entry in ledger.of("broken")]
    return broken + [_of_difference(one, target, today) for one in differences]


def _of_clause(entry: Entry, target: str, today: date) -> Drift:
    clause, first = entry.clause, entry.broken[0]
    request = first.request.partition("\n")[0]
    detail = f"{request}\nexpected {first.expected}\nfound    {first.found}\nanswer   {first.excerpt}"
    return Drift(
        clause.id,
        f"{clause.id}: {clause.sentence}",
        f"{clause.standing}, {clause.source}",
        detail,
        tuple(mends.of_clause(entry, target, today)),
    )


def _of_difference(one: Difference, target: str, today: date) -> Drift:
    detail = f"{one.where}: {one.one} / {one.other}\ntarget   {one.excerpt}\ncompared {one.other_excerpt}"
    proposals = tuple(mends.of_difference(one, target, today))
    return Drift(one.key, f"{one.request}: {one.where}", "comparison", detail, proposals)


@dataclass(frozen=True)
class LastRun:
    """The findings of the last run, read from a file."""

    keys: frozenset[str]

    @classmethod
    def read(cls, path: Path) -> "LastRun":
        """Read the file, which may not exist yet; raises `UserError` if it is invalid."""
        try:
            content: Any = json.loads(path.read_text("utf-8"))
            return cls(frozenset(one["key"] for one in content["drifts"]))
        except FileNotFoundError:
            return cls(frozenset())
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise UserError(f"{path}: not a file written by --drift ({error})") from error

    def changes(self, drifts: list[Drift]) -> list[tuple[Change, str, Drift | None]]:
        """The new drifts, and the keys of drifts that were found last time but not now."""
        now = {one.key: one for one in drifts}
        new: list[tuple[Change, str, Drift | None]] = [
            ("new", key, one) for key, one in now.items() if key not in self.keys
        ]
        return new + [("mended", key, None) for key in sorted(self.keys - now.keys())]


def write(path: Path, drifts: list[Drift], at: str) -> None:
    """Save *drifts* for the next run; raises `UserError` if the file cannot be written."""
    content = {"at": at, "drifts": [_row(one) for one in drifts]}
    try:
        write_whole(path, json.dumps(content, ensure_ascii=False, indent=2) + "\n")
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from error


def _row(one: Drift) -> dict[str, str]:
    shown = {name: getattr(one, name) for name in ("key", "title", "standing", "detail", "mend")}
    return {name: str(value) for name, value in shown.items()}
