"""What a running mock holds, and what belongs to the request at hand."""

import os
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from flask import current_app, g

from mockcbs.clock import Clock
from mockcbs.control.journal import Journal
from mockcbs.control.tally import Tally
from mockcbs.faults.scenario import Scenario
from mockcbs.faults.stage import Stage
from mockcbs.settings import Settings
from mockcbs.store import MemoryStore
from mockcbs.traffic.dataset import Dataset, load
from mockcbs.traffic.log import TrafficLog
from mockcbs.versions import Versions

if TYPE_CHECKING:
    from mockcbs.traffic.answering import Answerer

_EXTENSION = "mockcbs"

RESETS = ("reset",)
"""What is counted at each reset, among the versions."""

FOREVER = 2**63
"""Later than any instant, ms UTC."""

Fresh = Callable[[int, str], str]
"""What stands in an answer given at that instant (ms UTC) under that request id."""


@dataclass
class State:
    """One mock: its settings, its clock, its traffic and whatever clients made it remember."""

    settings: Settings
    opening: Scenario | None = None
    """What goes wrong from the start."""
    dataset: Dataset = field(init=False)
    clock: Clock = field(init=False)
    versions: Versions = field(init=False)
    log: TrafficLog = field(init=False)
    store: MemoryStore = field(init=False)
    stage: Stage = field(init=False)
    journal: Journal = field(init=False)
    tally: Tally = field(init=False)
    on_reset: list[Callable[[], None]] = field(default_factory=list)
    """Whoever keeps something elsewhere is told to forget it."""

    def __post_init__(self) -> None:
        self.dataset = load(self.settings.dataset)
        self.clock = self._clock()
        self._clocks: dict[str, Clock] = {}
        self.versions = Versions()
        self.log = TrafficLog(self.dataset, self.settings.seed, self.versions)
        self.store = MemoryStore()
        self.stage = Stage(self.opening, self.clock_of)
        self.journal = Journal(self.settings.journal_size)
        self.tally = Tally()

    def _clock(self) -> Clock:
        start = self.dataset.now if self.settings.now is None else self.settings.starts_at
        return Clock(start, tick=self.settings.tick)

    def clock_of(self, scope: str | None) -> Clock:
        """The clock of a scope that was given its own, else everybody's."""
        return self._clocks.get(scope, self.clock) if scope else self.clock

    def own_clock(self, scope: str | None) -> Clock:
        """The clock of a scope, made its own if it was not."""
        if scope is None:
            return self.clock
        if scope not in self._clocks:
            self._clocks[scope] = copy(self.clock)
        return self._clocks[scope]

    def share_clock(self, scope: str) -> None:
        """Let a scope follow everybody's clock again."""
        self._clocks.pop(scope, None)

    def reset(self, scope: str | None = None) -> None:
        """Be as just after the start, in one scope (a project, a token) or in all."""
        with self.store.transaction():
            self.log.forget(scope)
            self.store.clear(scope)
        self.journal.clear(scope)
        if scope is not None:
            self.share_clock(scope)
        else:
            self._clocks.clear()
            self.clock = self._clock()
            for forget in self.on_reset:
                forget()
        self.stage.reset(scope)
        self.versions.bump(*RESETS)

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
        g.request_id = new_request_id()
    identifier: str = g.request_id
    return identifier


def new_request_id() -> str:
    """An id that no request had before."""
    return os.urandom(16).hex()


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long an answer stays true: within these instants, while nothing watched has changed."""

    since: int
    """ms UTC by the clock of its scope."""
    until: int
    """Exclusive."""
    cells: tuple[int, ...]
    """Those of the mock's `Versions` that count what the answer depends on."""
    seen: tuple[int, ...]
    """What they had counted before it was computed."""
    fresh: Mapping[str, Fresh]
    """Texts in it that are new in every answer, and what takes their place."""


def repeatable(*keys: tuple[str, ...]) -> None:
    """Say that the same request gets the same answer again, until `expires` or one of these changes.

    To be said before what *keys* stand for is read.
    """
    versions = current().versions
    cells = tuple(versions.cell(*key) for key in (RESETS, *keys))
    g.watched = cells, tuple(versions.cells[cell] for cell in cells)


def unrepeatable() -> None:
    """Say that the answer at hand is for this request alone, whatever else is said."""
    g.unrepeatable = True


def expires(at: int | None) -> None:
    """Say that the answer at hand need not be true any more from then on (ms UTC)."""
    if at is not None:
        g.expires = min(at, g.get("expires", FOREVER))


def fresh(text: str, maker: Fresh) -> None:
    """Say that *text*, which stands in the answer at hand, is another one in every answer."""
    g.setdefault("fresh", {})[text] = maker


def lasting() -> Lasting | None:
    """How long the answer at hand stays true; `None` if nobody said that it does."""
    if "watched" not in g or "unrepeatable" in g:
        return None
    cells, seen = g.watched
    return Lasting(now(), g.get("expires", FOREVER), cells, seen, g.get("fresh", {}))
