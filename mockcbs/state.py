"""What a running mock holds, and what belongs to the request at hand."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from flask import Request, current_app, g, request

from mockcbs.backend.base import InMemory, Keeping
from mockcbs.backend.documents import Store
from mockcbs.core.changes import Versions, Watched
from mockcbs.core.clock import FOREVER, Clock
from mockcbs.core.clocks import Clocks
from mockcbs.core.errors import UserError
from mockcbs.core.platform import after_fork
from mockcbs.datasets.load import load
from mockcbs.faults.runs import Stage
from mockcbs.faults.scenario import Scenario
from mockcbs.journal.journal import Journal
from mockcbs.journal.metrics import Tally
from mockcbs.settings import Settings
from mockcbs.traffic.dataset import Dataset
from mockcbs.traffic.log import TrafficLog

if TYPE_CHECKING:
    from mockcbs.traffic.answering import Answerer

_EXTENSION = "mockcbs"

RESETS = ("reset",)
"""What is counted at each reset, among the versions."""

Fresh = Callable[[int, str], str]
"""What stands in an answer given at that instant (ms UTC) under that request id."""


@dataclass
class State:
    """One mock: its settings, its clock, its traffic and whatever clients made it remember.

    Raises `UserError` for settings that contradict each other.
    """

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

    def __post_init__(self) -> None:
        self.dataset = load(self.settings.dataset)
        if self.settings.tick and self._start is None:
            wanted = f"set now (--now), or take a dataset that sets one, as {self.dataset.name} does not"
            raise UserError(f"tick (--tick) needs an instant to run on from: {wanted}")
        self.clocks = self.keeping.clocks(self._clock)
        self.versions = self.keeping.versions
        self.log = TrafficLog(self.dataset, self.settings.seed, self.keeping.recordings)
        self.store = self.keeping.store
        self.stage = Stage(self.opening, self.clock_of, self.keeping.runs)
        self.journal = Journal(self.settings.journal_size, self.keeping.peers)
        self.tally = Tally(self.keeping.peers)

    def _clock(self) -> Clock:
        return Clock(self._start, tick=self.settings.tick)

    @property
    def _start(self) -> int | None:
        """Where the clock starts; `None` is real time."""
        return self.dataset.now if self.settings.now is None else self.settings.starts_at

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
            self.versions.bump(*RESETS)
        self.journal.clear(scope)

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


def at_hand() -> tuple[Request, Any]:
    """The request at hand and its `flask.g`, themselves: the proxies look them up for every attribute."""
    return request._get_current_object(), _context()  # type: ignore[attr-defined]  # noqa: SLF001 - documented


def _context() -> Any:
    return g._get_current_object()  # noqa: SLF001 - documented


def now() -> int:
    """The instant of the request at hand, ms UTC: read once, so that all of its answer agrees."""
    context = _context()
    at: int | None = context.get("now")
    if at is None:
        at = context.now = current().clock_of(context.get("scope")).now()
    return at


def scope() -> str | None:
    """What the request at hand belongs to: the project its path names, else its token; `None` if neither."""
    found: str | None = g.get("scope")
    return found


def request_id() -> str:
    """The id of the request at hand: 32 hexadecimal digits."""
    context = _context()
    identifier: str | None = context.get("request_id")
    if identifier is None:
        identifier = context.request_id = new_request_id()
    return identifier


_drawn_ids: list[str] = []
after_fork(_drawn_ids.clear)


def new_request_id() -> str:
    """An id that no request had before; drawn many at a time, which costs a sixth."""
    try:
        return _drawn_ids.pop()
    except IndexError:
        drawn = os.urandom(16 * 256).hex()
        _drawn_ids.extend(drawn[at : at + 32] for at in range(32, len(drawn), 32))
        return drawn[:32]


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long an answer stays true: within these instants, while nothing watched has changed."""

    since: int
    """ms UTC by the clock of its scope."""
    watched: Watched = ()
    until: int = FOREVER
    """Exclusive."""
    fresh: Mapping[str, Fresh] = field(default_factory=dict)
    """Texts in it that are new in every answer, and what takes their place."""


class Reading(Protocol):
    """An operation that reads, asked of something by somebody: what is left open is the query."""

    def parse(self, raw: str) -> dict[str, Any] | None:
        """What the query *raw* asks; `None` if there is anything to be said of it but the answer."""

    def answer(self, query: dict[str, Any], now: int) -> tuple[dict[str, Any], Lasting]:
        """The answer *now* (ms UTC), and how long it stays true; raises `mockcbs.core.errors.ApiError`."""


def read(reading: Reading, query: dict[str, Any]) -> dict[str, Any]:
    """The answer of *reading* to the request at hand, and what answers others like it."""
    context = _context()
    context.reading = reading
    answer, context.lasting = reading.answer(query, now())
    return answer


def repeatable(*keys: tuple[str, ...]) -> None:
    """Say that the same request gets the same answer again, until `expires` or one of these changes.

    To be said before what *keys* stand for is read.
    """
    _context().lasting = Lasting(now(), current().versions.watch(RESETS, *keys))


def unrepeatable() -> None:
    """Say that the answer at hand is for this request alone, whatever else is said."""
    _context().unrepeatable = True


def expires(at: int | None) -> None:
    """Say that the answer at hand need not be true any more from then on (ms UTC)."""
    if at is not None:
        context = _context()
        context.expires = min(at, context.get("expires", FOREVER))


def fresh(text: str, maker: Fresh) -> None:
    """Say that *text*, which stands in the answer at hand, is another one in every answer."""
    _context().setdefault("fresh", {})[text] = maker


def caller_lasts() -> Lasting:
    """How long the same caller may ask the same; what is fresh in every answer they get."""
    context = _context()
    return Lasting(now(), (), context.get("expires", FOREVER), context.get("fresh", {}))


def lasting() -> Lasting | None:
    """How long the answer at hand stays true; `None` if nobody said that it does."""
    context = _context()
    answer: Lasting | None = context.get("lasting")
    return None if answer is None or "unrepeatable" in context else both(caller_lasts(), answer)


def both(one: Lasting, other: Lasting) -> Lasting:
    """How long two things stay true together."""
    return Lasting(
        max(one.since, other.since),
        one.watched + other.watched,
        min(one.until, other.until),
        {**one.fresh, **other.fresh},
    )
