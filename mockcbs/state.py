"""What a running mock holds, and what belongs to the request at hand."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from flask import current_app, g

from mockcbs.clock import Clock
from mockcbs.clocks import Clocks
from mockcbs.control.journal import Journal
from mockcbs.control.tally import Tally
from mockcbs.faults.scenario import Scenario
from mockcbs.faults.stage import Stage
from mockcbs.keeping import InMemory, Keeping
from mockcbs.settings import Settings
from mockcbs.store import Store
from mockcbs.traffic.dataset import Dataset, load
from mockcbs.traffic.log import TrafficLog
from mockcbs.versions import Versions

if TYPE_CHECKING:
    from mockcbs.traffic.answering import Answerer

_EXTENSION = "mockcbs"


@dataclass
class State:
    """One mock: its settings, its clock, its traffic and whatever clients made it remember."""

    settings: Settings
    opening: Scenario | None = None
    """What goes wrong from the start."""
    keeping: Keeping = field(default_factory=InMemory)
    """Where what changes is kept."""
    dataset: Dataset = field(init=False)
    clocks: Clocks = field(init=False)
    versions: Versions = field(init=False)
    log: TrafficLog = field(init=False)
    store: Store = field(init=False)
    stage: Stage = field(init=False)
    journal: Journal = field(init=False)
    tally: Tally = field(init=False)
    on_reset: list[Callable[[], None]] = field(default_factory=list)
    """Whoever keeps something elsewhere is told to forget it."""

    def __post_init__(self) -> None:
        self.dataset = load(self.settings.dataset)
        self.clocks = self.keeping.clocks(self._clock)
        self.versions = self.keeping.versions
        self.log = TrafficLog(self.dataset, self.settings.seed, self.keeping.recordings)
        self.store = self.keeping.store
        self.stage = Stage(self.opening, self.clock_of, self.keeping.runs)
        self.journal = Journal(self.settings.journal_size, self.keeping.peers)
        self.tally = Tally(self.keeping.peers)

    def _clock(self) -> Clock:
        start = self.dataset.now if self.settings.now is None else self.settings.starts_at
        return Clock(start, tick=self.settings.tick)

    @property
    def clock(self) -> Clock:
        """Everybody's clock."""
        return self.clocks.of(None)

    @clock.setter
    def clock(self, clock: Clock) -> None:
        self.clocks.everybody = clock

    def clock_of(self, scope: str | None) -> Clock:
        """The clock of a scope that was given its own, else everybody's."""
        return self.clocks.of(scope)

    def reset(self, scope: str | None = None) -> None:
        """Be as just after the start, in one scope (a project, a token) or in all."""
        with self.store.transaction():
            self.log.forget(scope)
            self.store.clear(scope)
            self.clocks.reset(scope)
            self.stage.reset(scope)
        self.journal.clear(scope)
        if scope is None:
            for forget in self.on_reset:
                forget()

    @cached_property
    def answerer(self) -> "Answerer":
        """Answers questions as the dataset's bots do."""
        from mockcbs.traffic.answering import Answerer  # noqa: PLC0415 - statistics need no engine

        return Answerer(self.dataset.knowledge)

    @property
    def default_start(self) -> str:
        """What a statistics call without ``start_time`` means: ``epoch`` or ``week`` (contract D-1)."""
        return self.settings.default_start or self.dataset.default_start


def current() -> State:
    """The mock that answers the request at hand."""
    state: State = current_app.extensions[_EXTENSION]
    return state


def now() -> int:
    """The instant of the request at hand, ms UTC: read once, so that all of its answer agrees."""
    if "now" not in g:
        g.now = current().clock_of(scope()).now()
    at: int = g.now
    return at


def scope() -> str | None:
    """What the request at hand belongs to: the project its path names, else its token; `None` if neither."""
    found: str | None = g.get("scope")
    return found


def request_id() -> str:
    """The id of the request at hand: 32 hexadecimal digits."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(16)
    identifier: str = g.request_id
    return identifier
