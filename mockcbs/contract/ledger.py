"""The clauses of a contract, and the verdicts of one run on them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, cast, get_args

Standing = Literal["documented", "derived", "assumed"]
Verdict = Literal["held", "broken", "broken by another", "known deviation", "not applicable", "not reached"]
VERDICTS: tuple[Verdict, ...] = (
    *("broken", "broken by another", "known deviation"),
    *("not reached", "not applicable", "held"),
)
"""The verdicts in the order of a report."""

_MAX_EVIDENCE = 5
"""The maximum number of exchanges that are stored for a broken clause."""


@dataclass(frozen=True)
class Clause:
    """One sentence of a contract that a target can meet or break."""

    id: str
    """The service and the name, such as ``cbs.S-1``."""
    standing: Standing
    source: str
    sentence: str


def table(prefix: str, text: str) -> tuple[Clause, ...]:
    """Parse clauses from *text*, one per line: ``name | standing | source | sentence``.

    An indented line continues the sentence; a line that begins with ``#`` is a heading. Raises `ValueError`.
    """
    clauses = []
    for row in re.split(r"\n(?=\S)", text.strip()):
        if not row.startswith("#"):
            name, standing, source, sentence = " ".join(row.split()).split(" | ")
            if standing not in get_args(Standing):
                raise ValueError(f"{name}: {standing}")
            clauses.append(Clause(f"{prefix}.{name}", cast("Standing", standing), source, sentence))
    return tuple(clauses)


@dataclass(frozen=True)
class Evidence:
    """The exchange behind a verdict, with secrets and ids masked."""

    request: str
    excerpt: str
    expected: str
    found: str


@dataclass
class Entry:
    """One clause and its verdict."""

    clause: Clause
    checks: int = 0
    """How often the clause was checked."""
    held: Evidence | None = None
    broken: list[Evidence] = field(default_factory=list)
    reason: str = ""
    """Why the clause was not applicable or not reached, or the reason for a known deviation."""
    applicable: bool = True
    cause: str = ""
    """The broken clause that explains why the part of a response that this clause needs is missing."""
    deviates: bool = False

    @property
    def verdict(self) -> Verdict:
        """The verdict of the run on the clause."""
        if self.broken:
            return "known deviation" if self.deviates else "broken"
        if self.held:
            return "held"
        if self.cause:
            return "broken by another"
        return "not reached" if self.applicable else "not applicable"

    @property
    def evidence(self) -> list[Evidence]:
        """The exchanges that broke the clause; if none did, one that met it."""
        return self.broken or ([self.held] if self.held else [])


class Ledger:
    """The verdicts on all clauses of a contract."""

    def __init__(self, clauses: Iterable[Clause]) -> None:
        self.entries = {clause.id: Entry(clause) for clause in clauses}
        self._breaks: list[str] = []

    def enter(self, clause: str, evidence: Evidence, *, held: bool) -> None:
        """Store a verdict on *clause* with its evidence."""
        entry = self.entries[clause]
        entry.checks += 1
        if held:
            entry.held = entry.held or evidence
        elif len(entry.broken) < _MAX_EVIDENCE:
            entry.broken.append(evidence)
            self._breaks.append(clause)

    @property
    def breaks(self) -> int:
        """The number of stored exchanges that broke a clause."""
        return len(self._breaks)

    def retract(self, breaks: int, reason: str) -> None:
        """Remove what broke clauses after the first *breaks* exchanges; *reason* says why it is no proof."""
        for clause in self._breaks[breaks:]:
            entry = self.entries[clause]
            entry.broken.pop()
            if not entry.broken and not entry.held:
                entry.checks, entry.reason, entry.applicable = 0, reason, True
        del self._breaks[breaks:]

    def excuse(self, clause: str, reason: str, *, applicable: bool, cause: str = "") -> None:
        """Store why *clause* was not checked: it does not apply, or its check did not reach it.

        *cause* is the broken clause that explains why a whole part of a response is missing.
        """
        entry = self.entries[clause]
        if not entry.checks and not entry.reason:
            entry.reason, entry.applicable, entry.cause = reason, applicable, cause

    def of(self, *verdicts: Verdict) -> list[Entry]:
        """The entries with one of the *verdicts*."""
        return [entry for entry in self.entries.values() if entry.verdict in verdicts]
