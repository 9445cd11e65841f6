"""The state of a running mock, without the state of requests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from mockcbs.backend.base import Backend
from mockcbs.backend.bots import SeenBots
from mockcbs.backend.cursors import Cursor
from mockcbs.backend.documents import Documents
from mockcbs.backend.jobs import Jobs
from mockcbs.backend.memory import MemoryBackend
from mockcbs.backend.world import World, Worlds
from mockcbs.core.changes import Changes
from mockcbs.core.clock import Clock
from mockcbs.core.clocks import Clocks
from mockcbs.core.errors import UserError
from mockcbs.core.in_flight import InFlight
from mockcbs.datasets.load import Source, load, load_source
from mockcbs.faults import scenario_json
from mockcbs.faults.runs import Scenarios
from mockcbs.faults.scenario import Scenario
from mockcbs.journal.journal import Journal
from mockcbs.journal.metrics import Tally
from mockcbs.settings import Settings
from mockcbs.traffic.bots import ANY
from mockcbs.traffic.dataset import Dataset
from mockcbs.traffic.log import TrafficLog

if TYPE_CHECKING:
    from mockcbs.datasets.schema import Sections
    from mockcbs.traffic.answering import Answerer
    from mockcbs.traffic.knowledge import KnowledgeBase

_OPENING = "scenario"
"""The kind of the document with the start scenario, after its file has changed."""

RESETS = ("reset",)
"""The key in `State.changes` that counts resets."""


class Callbacks(Protocol):
    """Delivers a service's own callbacks; `mockcbs.webhooks` implements it."""

    def check(self, url: str, secret: str) -> str:
        """Why *url* does not answer the challenge; empty if it does. Takes up to 3 s."""

    def save(self, endpoint_id: str, url: str, secret: str, scope: str) -> None:
        """Start to deliver events for that endpoint to *url*."""

    def remove(self, endpoint_id: str, scope: str) -> None:
        """Stop deliveries to that endpoint."""

    def has_endpoints(self, scope: str) -> bool:
        """Whether any endpoint can get events of *scope*."""

    def deliver(self, body: dict[str, Any], scope: str, endpoint_id: str | None = None) -> None:
        """Deliver *body*, an event in an envelope, to one endpoint or to all that subscribe to it."""


class Follower(Protocol):
    """Acts at times of the mock's clock, for example sends a report at nine."""

    def begin(self) -> None:
        """Note the position of the clock once; called before the clock is changed."""

    def catch_up(self) -> None:
        """Do what is due by the clock. A server waits some seconds until its job has finished."""


ReportRun = Callable[[str, str, int, int, int], str]
"""Lets the reporting node of a workflow write a row; returns its error, or an empty text.

Takes execution, workflow, start (ms UTC), length of the input and duration (ms).
"""


MAX_RESET_WAIT = 0.5
"""The time that a reset waits for the calls that each worker is answering, in s."""


@dataclass
class State:
    """One mock: its settings, clocks and traffic, and the data that clients have stored.

    Raises `UserError` for settings that contradict each other.
    """

    settings: Settings
    opening: Scenario | None = None
    """The scenario that the mock starts with."""
    backend: Backend = field(default_factory=MemoryBackend)
    """The backend, which stores everything that changes."""
    callbacks: Callbacks | None = field(default=None, init=False)
    report_run: ReportRun | None = field(default=None, init=False)
    followers: list[Follower] = field(default_factory=list, init=False)
    """The actions that happen as the clock passes."""
    sections: "Sections" = ()
    """The schemas of the services' parts of a dataset."""
    worlds: Worlds = field(init=False)
    clocks: Clocks = field(init=False)
    changes: Changes = field(init=False)
    documents: Documents = field(init=False)
    jobs: Jobs = field(init=False)
    """The background work of a started mock."""
    scenarios: Scenarios = field(init=False)
    journal: Journal = field(init=False)
    tally: Tally = field(init=False)
    in_flight: InFlight = field(default_factory=InFlight, init=False)
    """The calls of services that this process is answering."""

    def __post_init__(self) -> None:
        dataset = load(self.settings.dataset, self.sections)
        self._check_tick(dataset)
        self.changes = self.backend.changes
        self.documents = self.backend.documents
        recordings, transaction = self.backend.recordings, self.documents.transaction
        log = TrafficLog(dataset, self.settings.seed, recordings, transaction)
        self._seen = SeenBots(self.documents, self.changes, RESETS)
        log.on_bot = self._seen.note
        self.worlds = Worlds(
            World(dataset, self.settings.seed, log), self._read, self.backend.live, self.changes
        )
        self.clocks = self.backend.clocks(self._clock)
        self.jobs = Jobs(self.backend.leases, self.refresh)
        self.scenarios = Scenarios(self._opening, self.clock_of, self.backend.runs, joins=self.backend.joins)
        self.journal = Journal(self.settings.journal_size, self.backend.peers)
        self.tally = Tally(self.backend.peers)
        self.backend.peers.handle("in_flight.wait", lambda: self.in_flight.wait(MAX_RESET_WAIT))

    @property
    def dataset(self) -> Dataset:
        """The current dataset."""
        return self.worlds.current.dataset

    @property
    def seed(self) -> int:
        """The seed of the current traffic."""
        return self.worlds.current.seed

    @property
    def log(self) -> TrafficLog:
        """The current traffic."""
        return self.worlds.current.log

    def _read(self, source: Source) -> Dataset:
        dataset = load_source(source, self.sections)
        self._check_tick(dataset)
        return dataset

    def _check_tick(self, dataset: Dataset) -> None:
        if self.settings.tick and self.settings.now is None and dataset.now is None:
            hint = f"set now (--now), or use a dataset that sets it; {dataset.name} does not"
            raise UserError(f"tick (--tick) needs an instant to start from: {hint}")

    def choose_dataset(self, source: Source | None) -> None:
        """Show another dataset; `None`, or its name, is that of the start. What clients made stays.

        The shared clock moves if one of the two datasets sets a start time, unless ``--now`` does. Raises
        `UserError` for an invalid dataset.
        """
        if source and source.text is None and source.name == self.worlds.opening.name:
            source = None
        self._replace_dataset(partial(self.worlds.choose, source))

    def reopen_dataset(self, source: Source) -> None:
        """Replace the dataset of the start; raises `UserError`."""
        self._replace_dataset(partial(self.worlds.reopen, source))

    def reopen_scenario(self, scenario: Scenario) -> None:
        """Replace the scenario of the start.

        It begins anew, unless another scenario is being played.
        """
        self.backend.live.put(_OPENING, "", "", scenario_json.encoded(scenario))
        run = self.scenarios.run()
        if run is None or run.scenario.name == scenario.name:
            self.scenarios.play(scenario)

    def _opening(self) -> Scenario | None:
        held = self.backend.live.get(_OPENING, "", "")
        return scenario_json.decoded(held) if held else self.opening

    def choose_seed(self, seed: int | None) -> None:
        """Show the traffic of another seed; `None` is the seed of the start. Data of clients stays."""
        self.worlds.choose_seed(seed)
        self._count_reset()

    def _replace_dataset(self, replace: Callable[[], None]) -> None:
        before = self.dataset
        replace()
        after = self.dataset
        if self.settings.now is None and before.now != after.now:
            self._restart_clock()
        self._count_reset()

    def _restart_clock(self) -> None:
        start = self._clock()
        with self.clocks.change(None) as clock:
            if start.mode == "real":
                clock.real()
            elif self.settings.tick:
                clock.tick(start.now())
            else:
                clock.freeze(start.now())

    def _count_reset(self) -> None:
        """Make every cache read its data again."""
        with self.documents.transaction():
            self.changes.bump(*RESETS)

    def _clock(self) -> Clock:
        """The shared clock at the start; a ticking one never hides turns recorded before a restart."""
        start = self._start
        if start is not None and self.settings.tick:
            start = max(start, self.backend.recordings.latest() or 0)
        return Clock(start, tick=self.settings.tick)

    @property
    def _start(self) -> int | None:
        """The start of the shared clock; `None` is real time."""
        return self.dataset.now if self.settings.now is None else self.settings.starts_at

    @property
    def clock(self) -> Clock:
        """The clock that scopes share."""
        return self.clocks.of(None)

    @clock.setter
    def clock(self, clock: Clock) -> None:
        self.clocks.everybody = clock

    def clock_of(self, scope: str | None) -> Clock:
        """The clock of a scope if it has one, else the shared clock."""
        return self.clocks.of(scope)

    def refresh(self) -> None:
        """Check what other processes have changed, and wait for the result. Each request begins with that."""
        if self.backend.feed:
            self.backend.feed.refresh()

    def start(self) -> None:
        """Start the background jobs; every process that serves calls it, after forking."""
        self.jobs.start()

    def close(self) -> None:
        """End the background jobs and close the files of the backend."""
        self.jobs.stop()
        self.backend.close()

    @contextmanager
    def changed_clock(self, scope: str | None) -> Iterator[Clock]:
        """A context in which a clock can be changed; at its end, followers of the clock are up to date."""
        for follower in self.followers:
            follower.begin()
        with self.clocks.change(scope) as clock:
            yield clock
        self.catch_up()

    def catch_up(self) -> None:
        """Let followers of the clock do what is due."""
        for follower in self.followers:
            follower.catch_up()

    def cursor(self, name: str, *, once: bool = False) -> Cursor:
        """The position of the subscriber *name* in the turns that the clock passes.

        With *once*, it skips turns that the clock passes again after it was moved back.
        """
        return Cursor(name, lambda: self.log, self.documents, self.clocks, once)

    def bots(self, scope: str) -> list[str]:
        """The bots known in *scope*: those of the dataset, and those that clients used."""
        named = [bot_id for bot_id in self.dataset.bots if bot_id != ANY]
        return list(dict.fromkeys([*named, *self.used_bots(scope)]))

    def used_bots(self, scope: str) -> list[str]:
        """The bots that clients used in *scope*."""
        return list(dict.fromkeys([*self.log.recordings.bots(scope), *self._seen.of(scope)]))

    def reset(self, scope: str | None = None) -> tuple[str, ...]:
        """Restore the state just after the start, in one scope (a project, a token) or in all.

        Calls that are being answered may end first, so that what they record does not outlast the reset.
        Returns the names of the workers or replicas that did not respond; they may still have their journals.
        """
        self.in_flight.wait(MAX_RESET_WAIT)
        self.backend.peers.request("in_flight.wait")
        if scope is None:
            self.worlds.reset()
        with self.documents.transaction():
            self.log.forget(scope)
            self.documents.clear(scope)
            self.backend.outbox.clear(scope)
            self.clocks.reset(scope)
            self.scenarios.reset(scope)
            self.changes.bump(*RESETS)
        self.backend.files.clear(scope)
        self.backend.counts.clear(scope)
        return self.journal.clear(scope).missing

    def answerer_of(self, bot_id: str) -> "Answerer":
        """Finds the answers of a bot of the dataset to questions."""
        return self.worlds.current.answerer_of(bot_id)

    def knowledge_of(self, bot_id: str) -> "KnowledgeBase":
        """Everything that a bot of the dataset can answer."""
        return self.worlds.current.knowledge_of(bot_id)

    @property
    def default_start(self) -> str:
        """The start of statistics calls without ``start_time``: ``epoch`` or ``week`` (contract D-1)."""
        return self.settings.default_start or self.dataset.default_start
