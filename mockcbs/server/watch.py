"""``serve --watch``: reads the files of the dataset and the scenario again when they change."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from mockcbs.core.errors import UserError
from mockcbs.core.files import is_shipped, locate, read_text
from mockcbs.datasets.differences import differences
from mockcbs.datasets.errors import DatasetError
from mockcbs.datasets.load import DATASETS
from mockcbs.datasets.own_files import files_of, read_source
from mockcbs.faults import scenario_file
from mockcbs.faults.scenario_file import SCENARIOS, ScenarioError
from mockcbs.services import registry
from mockcbs.settings import Settings
from mockcbs.state import State

log = logging.getLogger("mockcbs")

JOB = "watch"
_PAUSE = 0.25
"""Seconds between two looks. A file is read when it looks the same twice, so that no half of it is read."""

_Look = tuple[tuple[int, int, int] | None, ...]
"""Inode, size and time of change of each file; `None` for one that is not there."""


@dataclass
class _Watched:
    """Files that are read again together."""

    name: str
    files: tuple[Path, ...]
    reload: Callable[[], tuple[Path, ...]]
    """Reads them again, logs what changed, and returns the files to watch next; raises `UserError`."""
    shown: _Look = field(init=False)
    """How the files looked when they were read."""
    last: _Look = field(init=False)

    def __post_init__(self) -> None:
        self.shown = self.last = self.look()

    def look(self) -> _Look:
        """How the files look now."""
        return tuple(map(_look, self.files))

    def check(self) -> None:
        """Read the files again if they have changed."""
        now, before = self.look(), self.last
        self.last = now
        if now == self.shown or now != before:
            return
        self.shown = now
        try:
            files = self.reload()
        except UserError as error:
            log.warning("%s has changed and cannot be used, the former one stays: %s", self.name, error)
            return
        if files != self.files:
            self.files = files
            self.shown = self.last = self.look()


class Watch:
    """Watches the files that the settings of a mock name."""

    def __init__(self, mock: State) -> None:
        """Raises `UserError` if the settings name no file."""
        self._mock = mock
        dataset, scenario = _own_files(mock.settings)
        self._all: list[_Watched] = []
        if dataset:
            files = files_of(dataset, read_text(dataset, DatasetError))
            self._all.append(_Watched(f"dataset {dataset}", files, partial(self._read_dataset, dataset)))
        if scenario:
            reload = partial(self._read_scenario, scenario)
            self._all.append(_Watched(f"scenario {scenario}", (scenario,), reload))
        if not self._all:
            raise UserError("--watch is about your own files: add --dataset FILE or --scenario FILE")

    def work(self) -> float:
        """Look once; seconds until the next look."""
        for watched in self._all:
            watched.check()
        return _PAUSE

    def _read_dataset(self, file: Path) -> tuple[Path, ...]:
        source, files = read_source(file)
        before = self._mock.worlds.opening
        self._mock.reopen_dataset(source)
        changed = "; ".join(differences(before, self._mock.worlds.opening)) or "nothing that matters changed"
        log.info("dataset %s was read again: %s", file, changed)
        if self._mock.worlds.is_chosen:
            log.info("dataset %s, which was chosen since, is shown until a reset", self._mock.dataset.name)
        return files

    def _read_scenario(self, file: Path) -> tuple[Path, ...]:
        scenario = scenario_file.load(str(file), registry.vocabulary())
        self._mock.reopen_scenario(scenario)
        log.info("scenario %s was read again; number of rules: %d", file, len(scenario.rules))
        run = self._mock.scenarios.run()
        if run and run.scenario.name != scenario.name:
            log.info("scenario %s, which was chosen since, is played until a reset", run.scenario.name)
        return (file,)


def _own_files(settings: Settings) -> tuple[Path | None, Path | None]:
    """The files of the dataset and of the scenario; `None` for one that comes with mockcbs."""
    dataset = locate(DATASETS, settings.dataset, DatasetError)
    scenario = locate(SCENARIOS, settings.scenario, ScenarioError) if settings.scenario else None
    return (
        None if is_shipped(DATASETS, dataset) else dataset,
        None if scenario is None or is_shipped(SCENARIOS, scenario) else scenario,
    )


def _look(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
