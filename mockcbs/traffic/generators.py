"""The generators of the bots of a log, which are made when they are needed."""

from mockcbs.core.waiting import leave_loop
from mockcbs.traffic.dataset import Dataset
from mockcbs.traffic.generate import Generator

_MAX_KEPT = 64
"""The maximum number of generators that are kept."""


class Generators:
    """The generators of all bots of a dataset; recently used ones are kept."""

    def __init__(self, dataset: Dataset, seed: int) -> None:
        self._dataset, self._seed = dataset, seed
        self._kept: dict[str, Generator] = {}
        self._used: set[int] = set()
        """The knowledge bases of these generators, by `id`; to prepare the words of another takes 40 ms."""

    def of(self, bot_id: str) -> Generator | None:
        """The generator of a bot; `None` if the bot has no generated traffic."""
        profile = self._dataset.bot(bot_id).profile
        if profile is None:
            return None
        if (generator := self._kept.get(bot_id)) is None:
            known = self._dataset.knowledge_of(bot_id, self._seed)
            if id(known) not in self._used:
                leave_loop()
            generator = Generator(self._seed, bot_id, profile, known)
            self._used.add(id(known))
            if len(self._kept) > _MAX_KEPT:
                self._kept = {}  # not cleared: an export in another thread may read the old ones
            self._kept[bot_id] = generator
        return generator
