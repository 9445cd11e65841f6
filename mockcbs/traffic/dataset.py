"""Datasets: YAML files that say who exists, what was said, and how the rest is generated.

`docs/datasets.md` describes the format for users.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from mockcbs.traffic.bots import ANY, Bot
from mockcbs.traffic.knowledge import KnowledgeBase
from mockcbs.userfile import FileError, is_shipped, locate, read

DATASETS = "datasets"


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

    def bot(self, bot_id: str) -> Bot:
        """The bot of that id; one that is not named is as the file says of any bot, or else silent."""
        return self.bots.get(bot_id) or self.bots.get(ANY) or Bot(bot_id)

    def names(self, bot_id: str) -> bool:
        """Whether the file names this very bot."""
        return bot_id != ANY and bot_id in self.bots


class DatasetError(FileError):
    """A dataset that cannot be read; the message names the file, the line and what is accepted."""


def load(name_or_file: str) -> Dataset:
    """A dataset by name, or a file of the user's own; raises `DatasetError`."""
    path = locate(DATASETS, name_or_file, DatasetError)
    return _shipped(path) if is_shipped(DATASETS, path) else _read(path)


def _read(path: Path) -> Dataset:
    from mockcbs.traffic import dataset_file  # noqa: PLC0415 - only reading needs schemas

    content: dict[str, Any] = read(path, dataset_file.DatasetSchema(), DatasetError)
    return Dataset(name=path.stem, **content)


@cache
def _shipped(path: Path) -> Dataset:
    """A dataset that comes with mockcbs: read once, and shared by all mocks of the process."""
    return _read(path)
