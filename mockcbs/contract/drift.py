"""Drift: what a run found, beside the last run, with a proposal how to mend it."""

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

Change = Literal["new", "mended"]


@dataclass(frozen=True)
class Drift:
    """One clause that does not hold, or one difference of two servers."""

    key: str
    """The same in every run that finds it."""
    title: str
    standing: str
    detail: str
    mends: tuple[Mend, ...]
    """What to do about it, ready to apply."""

    @property
    def mend(self) -> str:
        """The proposals as a report shows them."""
        return "\n".join(one.sentence for one in self.mends)


def found(ledger: Ledger, differences: Iterable[Difference], target: str, today: date) -> list[Drift]:
    """The drifts of a run."""
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
    """What the last run found, as kept in a file."""

    keys: frozenset[str]

    @classmethod
    def read(cls, path: Path) -> "LastRun":
        """From a file, which need not exist yet; raises `UserError`."""
        if not path.exists():
            return cls(frozenset())
        try:
            content: Any = json.loads(path.read_text("utf-8"))
            return cls(frozenset(one["key"] for one in content["drifts"]))
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise UserError(f"{path}: not a file that --drift has written ({error})") from error

    def changes(self, drifts: list[Drift]) -> list[tuple[Change, str, Drift | None]]:
        """What is new, and the keys of what is mended."""
        now = {one.key: one for one in drifts}
        new: list[tuple[Change, str, Drift | None]] = [
            ("new", key, one) for key, one in now.items() if key not in self.keys
        ]
        return new + [("mended", key, None) for key in sorted(self.keys - now.keys())]


def write(path: Path, drifts: list[Drift], at: str) -> None:
    """Keep *drifts* for the next run; raises `UserError`."""
    content = {"at": at, "drifts": [_row(one) for one in drifts]}
    try:
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from error


def _row(one: Drift) -> dict[str, str]:
    shown = {name: getattr(one, name) for name in ("key", "title", "standing", "detail", "mend")}
    return {name: str(value) for name, value in shown.items()}
