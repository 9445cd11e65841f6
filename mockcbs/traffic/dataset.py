"""What a dataset says of the traffic: who exists, what is known, and when it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mockcbs.traffic.bots import ANY, Bot
from mockcbs.traffic.knowledge import KnowledgeBase


@dataclass(frozen=True)
class Dataset:
    """Everything a dataset file says."""

    name: str
    description: str = ""
    bots: Mapping[str, Bot] = field(default_factory=dict)
    """By id; the entry `ANY` stands for every bot that has none."""
    knowledge: KnowledgeBase = field(default_factory=KnowledgeBase)
    now: int | None = None
    """Where the clock stands unless the user says otherwise, ms UTC."""
    default_start: Literal["epoch", "week"] = "epoch"
    services: Mapping[str, Any] = field(default_factory=dict)
    """What the file says of single services, by their names."""

    def bot(self, bot_id: str) -> Bot:
        """The bot of that id; one that is not named is as the file says of any bot, or else silent."""
        return self.bots.get(bot_id) or self.bots.get(ANY) or Bot(bot_id)

    def names(self, bot_id: str) -> bool:
        """Whether the file names this very bot."""
        return bot_id != ANY and bot_id in self.bots
