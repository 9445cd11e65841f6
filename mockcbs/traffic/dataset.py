"""The content of a dataset: bots, knowledge, and the start of the clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Literal

from mockcbs.core.waiting import leave_loop
from mockcbs.traffic import bits
from mockcbs.traffic.bots import ANY, Bot
from mockcbs.traffic.knowledge import KnowledgeBase, with_all_domains


@dataclass(frozen=True)
class Dataset:
    """The content of a dataset file."""

    name: str
    description: str = ""
    bots: Mapping[str, Bot] = field(default_factory=dict)
    """The bots by id; the entry `ANY` describes every bot without an entry."""
    knowledge: KnowledgeBase = field(default_factory=KnowledgeBase)
    trades: Sequence[KnowledgeBase] = ()
    """The knowledge bases from which bots draw one if the file states none, each equally likely. To read one
    may take 4 ms.
    """
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

    def knowledge_of(self, bot_id: str, seed: int) -> KnowledgeBase:
        """What the users of a bot ask about: a stated knowledge base, or one of the bot's trade.

        The trade fits a stated character. A bot that the file lists has another trade than that of the
        dataset only if its character needs it; other bots draw theirs from seed and id.
        """
        bot = self.bot(bot_id)
        if bot.knowledge or not (bot.profile and self.trades):
            return bot.knowledge or self.knowledge
        character = bot.profile.character

        def fits(one: KnowledgeBase) -> bool:
            return character is None or character in one.characters

        if bot.id != ANY and fits(self.knowledge) and self.knowledge in self.trades:
            return self.knowledge
        fitting = self.trades if character is None else [one for one in self.trades if fits(one)]
        return fitting[_drawn(seed, bot_id) % len(fitting)] if fitting else self.knowledge

    @cached_property
    def bases(self) -> tuple[KnowledgeBase, ...]:
        """All knowledge bases that bots can have, each once; first that of the dataset."""
        if self.trades:
            leave_loop()  # to read all
        stated = (bot.knowledge for bot in self.bots.values() if bot.knowledge)
        found = {id(one): one for one in (self.knowledge, *stated, *self.trades)}
        return tuple(found.values())

    @cached_property
    def domains(self) -> KnowledgeBase:
        """The knowledge base of the dataset, with the ids of the question categories of all."""
        return with_all_domains(self.bases)

    def names(self, bot_id: str) -> bool:
        """Whether the file lists this bot."""
        return bot_id != ANY and bot_id in self.bots


@lru_cache(1024)  # each question asks for it
def _drawn(seed: int, bot_id: str) -> int:
    return bits.key(seed, bot_id, "trade")
