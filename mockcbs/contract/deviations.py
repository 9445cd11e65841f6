"""The file of known deviations: clauses that a target breaks, or differences, each with a reason."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from mockcbs.contract.compare import Difference
from mockcbs.contract.ledger import Clause, Ledger
from mockcbs.core import files
from mockcbs.core.errors import UserError

_NO_DATE: dict[str, Any] = {"invalid": "{input!r} is not a date such as 2026-11-02"}


@dataclass(frozen=True)
class Deviation:
    """One clause that the target is known to break, or one known difference from another server."""

    reason: str
    since: date
    until: date | None = None
    """The last day on which the entry is valid."""
    clause: str = ""
    difference: str = ""

    @property
    def name(self) -> str:
        """The clause or the difference."""
        return self.clause or self.difference

    def expired(self, today: date) -> bool:
        """Whether the entry is no longer valid on *today*."""
        return self.until is not None and today > self.until

    @property
    def expiry(self) -> str:
        """The message for an entry that has expired."""
        return f"known deviation {self.name}: expired on {self.until} ({self.reason})"


class _DeviationSchema(Schema):
    clause = fields.String()
    difference = fields.String()
    reason = fields.String(required=True, validate=validate.Length(1, error="must not be empty"))
    since = fields.Date(required=True, error_messages=_NO_DATE)
    until = fields.Date(load_default=None, error_messages=_NO_DATE)

    @validates_schema
    def _check_subject(self, data: dict[str, Any], **_: Any) -> None:
        if len(data.keys() & {"clause", "difference"}) != 1:
            raise ValidationError("needs either clause or difference")

    @validates_schema
    def _check_order(self, data: dict[str, Any], **_: Any) -> None:
        until = data.get("until")
        if until and until < data["since"]:
            raise ValidationError(f"{until} is before since, {data['since']}", "until")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Deviation:
        return Deviation(**data)


def read(path: Path) -> list[Deviation]:
    """Read the deviations from a file; raises `UserError` if it is invalid."""
    content = files.parse(path)
    try:
        found: list[Deviation] = _DeviationSchema(many=True).load(content or [])
    except ValidationError as error:
        problems = "; ".join(_sentences(error.messages))
        raise UserError(
            f"{path}: {problems} (each entry has clause or difference, reason, since and, optionally, until)"
        ) from error
    named = [deviation.name for deviation in found]
    if twice := sorted({clause for clause in named if named.count(clause) > 1}):
        raise UserError(f"{path}: more than one entry for {', '.join(twice)}")
    return found


def _sentences(messages: Any, where: str = "") -> Iterator[str]:
    """The problems of the entries, numbered from 1."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            name = f"entry {key + 1}" if isinstance(key, int) else "" if key == "_schema" else str(key)
            yield from _sentences(inner, f"{where} {name}".strip())
    else:
        yield f"{where}: {' '.join(map(str, messages))}".removeprefix(": ")


def apply(
    deviations: list[Deviation], ledger: Ledger, today: date, clauses: Iterable[Clause] = ()
) -> list[str]:
    """Mark known deviations in *ledger*, and return messages about outdated or useless entries.

    Skips entries for *clauses* that are not in the ledger: other runs check these.
    """
    others = {clause.id for clause in clauses} - ledger.entries.keys()
    notes = []
    for deviation in deviations:
        if deviation.difference or deviation.clause in others:
            continue
        entry = ledger.entries.get(deviation.clause)
        if entry is None:
            notes.append(f"known deviation {deviation.clause}: there is no such clause")
        elif deviation.expired(today):
            notes.append(deviation.expiry)
        elif not entry.broken:
            notes.append(f"known deviation {deviation.clause}: no longer broken; remove the entry")
        else:
            entry.deviates = True
            entry.reason = f"{deviation.reason} (since {deviation.since})"
    return notes


def unknown(
    deviations: list[Deviation], differences: list[Difference], today: date
) -> tuple[list[Difference], list[str]]:
    """The *differences* that are not known deviations, and messages about outdated entries."""
    entries = {one.difference: one for one in deviations if one.difference}
    valid = {key for key, one in entries.items() if not one.expired(today)}
    found = {one.key for one in differences}
    notes = [entries[key].expiry for key in entries if key not in valid]
    notes += [
        f"known deviation {key}: the difference no longer exists; remove the entry"
        for key in entries
        if key in valid - found
    ]
    return [one for one in differences if one.key not in valid], notes
