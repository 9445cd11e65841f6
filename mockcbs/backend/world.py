"""The current dataset and seed of a running mock; all its processes agree on them."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from mockcbs.backend.documents import Document, Documents
from mockcbs.core.changes import Changes, Token
from mockcbs.core.errors import BackendError
from mockcbs.core.waiting import leave_loop
from mockcbs.datasets.load import Source
from mockcbs.traffic.dataset import Dataset
from mockcbs.traffic.knowledge import KnowledgeBase
from mockcbs.traffic.log import TrafficLog

if TYPE_CHECKING:
    from mockcbs.traffic.answering import Answerer

_CHOICE, _TEXT = "world", "world.text"
"""The kinds of documents: the choice, and the texts of datasets by their digests."""
_KEY = ("world",)
"""The key that counts choices of a dataset or a seed."""
_MAX_ANSWERING = 1024
"""The number of bots whose knowledge base a process remembers."""
_MAX_READ = 3
"""The number of user datasets that a process keeps in memory."""


@dataclass(frozen=True)
class World:
    """A dataset, a seed, and their traffic."""

    dataset: Dataset
    seed: int
    log: TrafficLog

    _answerers: dict[int, "tuple[KnowledgeBase, Answerer]"] = field(default_factory=dict, compare=False)

    def knowledge_of(self, bot_id: str) -> KnowledgeBase:
        """Everything that a bot can answer: the knowledge base of its trade, then that of the dataset."""
        return self._answering(bot_id)[0]

    def answerer_of(self, bot_id: str) -> "Answerer":
        """Finds the answers of a bot to questions."""
        return self._answering(bot_id)[1]

    @cached_property
    def _answering(self) -> "Callable[[str], tuple[KnowledgeBase, Answerer]]":
        """What a bot can answer, and the search in it; each question asks for it."""
        return lru_cache(_MAX_ANSWERING)(self._found)

    def _found(self, bot_id: str) -> "tuple[KnowledgeBase, Answerer]":
        own, shared = self.dataset.knowledge_of(bot_id, self.seed), self.dataset.knowledge
        found = self._answerers.get(id(own))
        if found is None:
            leave_loop()  # it takes 70 ms
            from mockcbs.traffic.answering import Answerer  # noqa: PLC0415 - statistics need no engine

            knowledge = shared if own is shared else own.joined(shared)
            found = self._answerers[id(own)] = knowledge, Answerer(knowledge)
        return found


class _Held(NamedTuple):
    """The choice of dataset and seed that a process has read, and its token in `changes`."""

    token: Token
    choice: Document
    world: World


class Worlds:
    """The current and the first world of a mock.

    The choice is a document; a process reads it again only after it has changed. A world is built before it
    is chosen, so that the requests of the same process are served by the former one meanwhile.
    """

    def __init__(
        self, opening: World, read: Callable[[Source], Dataset], live: Documents, changes: Changes
    ) -> None:
        """*opening* is the first world; *read* raises `UserError` for an invalid dataset."""
        self._first, self._first_seed, self._read = opening.dataset, opening.seed, read
        self._live, self._changes = live, changes
        self._known: dict[str, Dataset] = {}
        self._building = threading.Lock()  # nobody who holds it waits for a database
        self._built: tuple[Document, World] = {}, opening
        """The world that was built last, and its choice."""
        self._held = _Held(changes.watch(_KEY), {}, opening)
        self._read_again()

    @property
    def current(self) -> World:
        """The current world; while the database is unavailable, the last known one."""
        held = self._held
        if self._changes.changed(held.token):
            with suppress(BackendError):
                held = self._read_again()
        return held.world

    @property
    def opening(self) -> Dataset:
        """The world of the start; `reset` returns to it."""
        return self._dataset(self._choice().get("opening"))

    @property
    def mark(self) -> int:
        """A number that changes when another dataset or seed is chosen."""
        return crc32(repr(sorted(self._choice().items())).encode())

    @property
    def is_chosen(self) -> bool:
        """Whether the current dataset differs from that of the start."""
        return bool(self._choice().get("dataset"))

    def choose(self, source: Source | None) -> None:
        """Choose a dataset; `None` is the dataset of the start. Raises `UserError` for an invalid dataset."""
        self._keep("dataset", source)

    def reopen(self, source: Source) -> None:
        """Replace the dataset of the start. Raises `UserError`."""
        self._keep("opening", source)

    def choose_seed(self, seed: int | None) -> None:
        """Choose a seed; `None` is the seed of the start."""
        self._choose(seed=seed)

    def reset(self) -> None:
        """Return to the world of the start."""
        self._choose(dataset=None, seed=None)

    def _choice(self) -> Document:
        return self._live.get(_CHOICE, "", "") or {}

    def _keep(self, place: str, source: Source | None) -> None:
        if source is None:
            self._choose(**{place: None})
            return
        leave_loop()
        dataset = self._read(source)
        kept = {**source._asdict(), "digest": _digest(source)}
        del kept["text"]
        self._remember(kept, dataset)
        self._choose(source, **{place: kept})

    def _choose(self, source: Source | None = None, **chosen: Any) -> None:
        """Change the choice; *source* is a dataset whose text is not stored yet."""
        self._world(_without_none(self._choice() | chosen))
        with self._live.transaction():
            before = self._choice()
            now = _without_none(before | chosen)
            if now != before:
                if source and source.text is not None:
                    self._live.put(_TEXT, "", _digest(source), {"text": source.text})
                self._put(now)
        self._read_again()
        self.current.log.number_recorded()

    def _put(self, choice: Document) -> None:
        """Store *choice*, with the texts that it needs and no others."""
        named = {kept["digest"] for kept in (choice.get("dataset"), choice.get("opening")) if kept}
        before = self._choice()
        for kept in (before.get("dataset"), before.get("opening")):
            if kept and kept["digest"] not in named:
                self._live.delete(_TEXT, "", kept["digest"])
        self._live.put(_CHOICE, "", "", choice)
        self._changes.bump(*_KEY)

    def _read_again(self) -> _Held:
        with self._live.transaction():
            token = self._changes.watch(_KEY)
            choice = self._choice()
        before = self._held
        if choice == before.choice:
            self._held = before._replace(token=token)
        else:
            self._held = _Held(token, choice, self._world(choice))
        return self._held

    def _world(self, choice: Document) -> World:
        """The world of a choice; one thread builds it, and others wait for it."""
        held, (known, world) = self._held, self._built
        if choice == held.choice:
            return held.world
        if choice == known:
            return world
        leave_loop()
        dataset = self._dataset(choice.get("dataset") or choice.get("opening"))
        with self._building:
            known, world = self._built
            if choice != known:
                seed = choice.get("seed", self._first_seed)
                world = World(dataset, seed, held.world.log.successor(dataset, seed))
                self._built = choice, world
        return world

    def _dataset(self, kept: Document | None) -> Dataset:
        """The dataset of a choice; without one, the dataset of the settings."""
        if kept is None:
            return self._first
        found = self._known.get(_key(kept))
        if found is None:
            text = self._live.get(_TEXT, "", kept["digest"]) if kept["digest"] else None
            source = {name: value for name, value in kept.items() if name != "digest"}
            found = self._read(Source(**source, text=text["text"] if text else None))
            self._remember(kept, found)
        return found

    def _remember(self, kept: Document, dataset: Dataset) -> None:
        known = {**self._known, _key(kept): dataset}
        self._known = dict([*known.items()][-_MAX_READ:])


def _without_none(choice: Document) -> Document:
    return {name: value for name, value in choice.items() if value is not None}


def _digest(source: Source) -> str:
    return sha256(source.text.encode()).hexdigest() if source.text is not None else ""


def _key(kept: dict[str, Any]) -> str:
    return f"{kept['name']} {kept['digest']} {kept['stamp']}"
