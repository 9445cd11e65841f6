"""Examines a client: each relation on the requested number of cases."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from mockcbs.core.clock import real_now
from mockcbs.examining.bench import Bench
from mockcbs.examining.client import Client
from mockcbs.examining.probe import Profile, probe
from mockcbs.examining.relations import faults, figures, ranges, subsets, times
from mockcbs.examining.relations.base import Relation
from mockcbs.examining.search import BrokenError, first_broken, smallest
from mockcbs.examining.traffic import Traffic
from mockcbs.examining.words import Target
from mockcbs.examining.world import World
from mockcbs.grading.findings import Finding, Findings

RELATIONS: dict[str, Relation] = {
    relation.name: relation
    for relation in (*ranges.RELATIONS, *times.RELATIONS, *subsets.RELATIONS, *figures.RELATIONS)
}

SENTENCES = {**{name: one.sentence for name, one in RELATIONS.items()}, **faults.SENTENCES}
"""The sentences of all relations, in the order of the exam."""

_AGO = timedelta(days=24)
"""The traffic begins on the last Monday that is at least this long ago."""


@dataclass
class Exam:
    """Examines one client."""

    client: Client
    cases: int = 6
    """The number of cases for each relation."""
    seed: int = 0
    """The seed that determines the cases."""
    jobs: int = 1
    """The maximum number of parallel runs."""
    findings: Findings = field(default_factory=lambda: Findings(SENTENCES))
    files: dict[str, str] = field(default_factory=dict)
    """The traffic of each broken relation as a dataset file, by file name."""
    now: int = field(default_factory=real_now)
    """The time of the mocks' clocks, ms UTC."""
    _bench: Bench | None = None

    def run(self, names: Iterable[str] = tuple(SENTENCES)) -> Iterator[str]:
        """Examine relations; yields the name of each before it starts.

        Raises `UserError` if the client cannot be examined.
        """
        self.findings.rows = {name: self.findings.rows[name] for name in names}
        for name in self.findings.rows:
            yield name
            self.examine(name)

    def examine(self, name: str) -> Finding:
        """Examine one relation. Raises `UserError` if the client cannot be examined."""
        bench = self.bench
        if name in faults.FAULTS:
            self._examine_fault(bench, name)
        else:
            self._examine_relation(bench, RELATIONS[name])
        return self.findings.rows[name]

    @property
    def bench(self) -> Bench:
        """The client and its profile; the first call runs the client."""
        if self._bench is None:
            first_day = _monday(self.now)
            self._bench = Bench(self.client, self._probe(first_day), first_day, self.now, self.jobs)
        return self._bench

    def _probe(self, first_day: date) -> Profile:
        def open_world(target: Target, traffic: Traffic) -> World:
            return World(self.client, target, traffic, now=self.now)

        return probe(self.client, open_world, first_day)

    def _examine_relation(self, bench: Bench, relation: Relation) -> None:
        if reason := relation.why_not(bench.profile):
            self.findings.skip(reason, relation.name)
            return
        broken = first_broken(relation.always, lambda case: relation.check(bench, case)) or smallest(
            relation.cases(bench.profile),
            lambda case: relation.check(bench, case),
            cases=max(1, round(self.cases * relation.share)),
            seed=self.seed,
            name=relation.name,
        )
        self._conclude(relation.name, broken)

    def _examine_fault(self, bench: Bench, name: str) -> None:
        try:
            self._conclude(name, faults.check(bench, name))
        except faults.UndecidedError as undecided:
            self.findings.skip(str(undecided), name)

    def _conclude(self, name: str, broken: BrokenError | None) -> None:
        if broken is None:
            self.findings.keep(name)
            return
        self.findings.breaks(name, broken.reason, broken.evidence)
        self.files[f"{name}.yaml"] = broken.traffic.dataset(
            self.bench.profile.target.bot_id, others="bot_id" in self.client.words
        )


def _monday(now: int) -> date:
    """The last Monday that is at least `_AGO` before *now* (ms UTC)."""
    day = datetime.fromtimestamp(now / 1000, UTC).date() - _AGO
    return day - timedelta(days=day.weekday())
