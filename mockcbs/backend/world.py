"""Which dataset and which seed a running mock shows; all its processes agree on it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from zlib import crc32

from mockcbs.backend.documents import Document, Documents
from mockcbs.core.changes import Changes, Token
from mockcbs.core.errors import BackendError
from mockcbs.core.waiting import leave_loop
from mockcbs.datasets.load import Source
from mockcbs.traffic.dataset import Dataset
from mockcbs.traffic.log import TrafficLog

if TYPE_CHECKING:
    from mockcbs.traffic.answering import Answerer

_CHOICE, _TEXT = "world", "world.text"
"""Kinds of documents: what is chosen, and the texts of datasets by their digests."""
_KEY = ("world",)
"""What is counted when another dataset or seed is chosen."""
_MAX_READ = 3
"""Datasets of users that a process keeps after it has read them."""


@dataclass(frozen=True)
class World:
    """A dataset, a seed, and the traffic that both make."""

    dataset: Dataset
    seed: int
    log: TrafficLog

    @cached_property
    def answerer(self) -> "Answerer":
        """Finds the answers that the dataset's bots give to questions."""
        from mockcbs.traffic.answering import Answerer  # noqa: PLC0415 - statistics need no engine

        return Answerer(self.dataset.knowledge)


@dataclass(frozen=True)
class _Held:
    """What a process has read of the choice, and under which token."""

    token: Token
    choice: Document
    world: World


class Worlds:
    """The world that a mock shows, and the one that it began with.

    The choice is a document, which a process reads again only after it has changed. No lock is held:
    two threads may make the same world, and either is right.
    """

    def __init__(
        self, opening: World, read: Callable[[Source], Dataset], live: Documents, changes: Changes
    ) -> None:
        """*opening* is shown until another is chosen; *read* raises `UserError` for what is no dataset."""
        self._first, self._first_seed, self._read = opening.dataset, opening.seed, read
        self._live, self._changes = live, changes
        self._known: dict[str, Dataset] = {}
        self._held = _Held(changes.watch(_KEY), {}, opening)
        self._read_again()

    @property
    def current(self) -> World:
        """The world that is shown now; the last known one while the database is unavailable."""
        held = self._held
        if self._changes.changed(held.token):
            with suppress(BackendError):
                held = self._read_again()
        return held.world

    @property
    def opening(self) -> Dataset:
        """The dataset of the start, which `reset` returns to."""
        return self._dataset(self._choice().get("opening"))

    @property
    def mark(self) -> int:
        """A number that differs once another dataset or seed is shown."""
        return crc32(repr(sorted(self._choice().items())).encode())

    @property
    def is_chosen(self) -> bool:
        """Whether a dataset was chosen in place of the opening one."""
        return bool(self._choice().get("dataset"))

    def choose(self, source: Source | None) -> None:
        """Show another dataset; `None` is that of the start. Raises `UserError` for what is no dataset."""
        self._keep("dataset", source)

    def reopen(self, source: Source) -> None:
        """Put another dataset in the place of that of the start. Raises `UserError`."""
        self._keep("opening", source)

    def choose_seed(self, seed: int | None) -> None:
        """Show the traffic of another seed; `None` is that of the start."""
        with self._live.transaction():
            self._put({**self._choice(), "seed": seed})
        self._read_again()

    def reset(self) -> None:
        """Show what was shown at the start."""
        with self._live.transaction():
            if choice := self._choice():
                self._put({"opening": choice.get("opening")})
        self._read_again()

    def _choice(self) -> Document:
        return self._live.get(_CHOICE, "", "") or {}

    def _keep(self, place: str, source: Source | None) -> None:
        kept: Document | None = None
        if source is not None:
            dataset = self._read(source)
            kept = {**asdict(source), "digest": _digest(source)}
            del kept["text"]
            self._remember(kept, dataset)
        with self._live.transaction():
            if source is not None and source.text is not None and kept:
                self._live.put(_TEXT, "", kept["digest"], {"text": source.text})
            self._put({**self._choice(), place: kept})
        self._read_again()

    def _put(self, choice: Document) -> None:
        """Keep *choice*, and no texts but those that it names."""
        named = {kept["digest"] for kept in (choice.get("dataset"), choice.get("opening")) if kept}
        before = self._choice()
        for kept in (before.get("dataset"), before.get("opening")):
            if kept and kept["digest"] not in named:
                self._live.delete(_TEXT, "", kept["digest"])
        self._live.put(_CHOICE, "", "", {name: value for name, value in choice.items() if value is not None})
        self._changes.bump(*_KEY)

    def _read_again(self) -> _Held:
        with self._live.transaction():
            token = self._changes.watch(_KEY)
            choice = self._choice()
        before = self._held
        if choice == before.choice:
            self._held = replace(before, token=token)
        else:
            leave_loop()
            dataset = self._dataset(choice.get("dataset") or choice.get("opening"))
            seed = choice.get("seed", self._first_seed)
            log = before.world.log.successor(dataset, seed)
            self._held = _Held(token, choice, World(dataset, seed, log))
        return self._held

    def _dataset(self, kept: Document | None) -> Dataset:
        """The dataset of that choice; that of the settings without one."""
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


def _digest(source: Source) -> str:
    return sha256(source.text.encode()).hexdigest() if source.text is not None else ""


def _key(kept: dict[str, Any]) -> str:
    return f"{kept['name']} {kept['digest']} {kept['stamp']}"
