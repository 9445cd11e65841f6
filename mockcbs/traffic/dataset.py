"""The content of a dataset: bots, knowledge, and the time of the clock."""

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
    """By id; the entry `ANY` describes every bot that has no entry."""
    knowledge: KnowledgeBase = field(default_factory=KnowledgeBase)
    now: int | None = None
    """The time at which the clock starts unless a setting overrides it, ms UTC; `None` is real time."""
    default_start: Literal["epoch", "week"] = "epoch"
    services: Mapping[str, Any] = field(default_factory=dict)
    """The sections of single services, by the service's name."""

    def bot(self, bot_id: str) -> Bot:
        """The bot with that id. A bot that is not listed is like the entry `ANY`, or else has no traffic."""
        return self.bots.get(bot_id) or self.bots.get(ANY) or Bot(bot_id)

    def names(self, bot_id: str) -> bool:
        """Whether the file lists this bot."""
        return bot_id != ANY and bot_id in self.bots
