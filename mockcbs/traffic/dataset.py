"""The content of a dataset: bots, knowledge, and the start of the clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mockcbs.traffic.bots import ANY, Bot
from mockcbs.traffic.knowledge import KnowledgeBase


@dataclass(frozen=True)
class Dataset:
    """The content of a dataset file."""

    name: str
    description: str = ""
    bots: Mapping[str, Bot] = field(default_factory=dict)
    """The bots by id; the entry `ANY` describes every bot without an entry."""
    knowledge: KnowledgeBase = field(default_factory=KnowledgeBase)
    now: int | None = None
    """The time at which the clock starts unless a setting overrides it, ms UTC; `None` is real time."""
    default_start: Literal["epoch", "week"] = "epoch"
    services: Mapping[str, Any] = field(default_factory=dict)
    """The sections that services read, by the name of the service."""

    def bot(self, bot_id: str) -> Bot:
        """The bot with that id. If the file does not list it, it gets the entry `ANY`; without `ANY`, no
        traffic.
        """
        return self.bots.get(bot_id) or self.bots.get(ANY) or Bot(bot_id)

    def names(self, bot_id: str) -> bool:
        """Whether the file lists this bot."""
        return bot_id != ANY and bot_id in self.bots
