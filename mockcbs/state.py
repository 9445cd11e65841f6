"""What a running mock holds, and what belongs to the request at hand."""

import secrets
from dataclasses import dataclass, field

from flask import current_app, g

from mockcbs.clock import Clock
from mockcbs.settings import Settings
from mockcbs.store import MemoryStore
from mockcbs.traffic.dataset import Dataset, load
from mockcbs.traffic.log import TrafficLog

_EXTENSION = "mockcbs"


@dataclass
class State:
    """One mock: its settings, its clock, its traffic and whatever clients made it remember."""

    settings: Settings
    dataset: Dataset = field(init=False)
    clock: Clock = field(init=False)
    log: TrafficLog = field(init=False)
    store: MemoryStore = field(init=False)

    def __post_init__(self) -> None:
        self.dataset = load(self.settings.dataset)
        start = self.dataset.now if self.settings.now is None else self.settings.starts_at
        self.clock = Clock(start, tick=self.settings.tick)
        self.log = TrafficLog(self.dataset, self.settings.seed)
        self.store = MemoryStore()

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
        g.now = current().clock.now()
    at: int = g.now
    return at


def request_id() -> str:
    """The id of the request at hand: 32 hexadecimal digits."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(16)
    identifier: str = g.request_id
    return identifier
