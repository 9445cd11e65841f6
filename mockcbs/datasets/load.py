"""Datasets: YAML files that say who exists, what was said, and how the rest is generated.

`docs/datasets.md` describes the format for users.
"""

from functools import cache
from pathlib import Path
from typing import Any

from mockcbs.core.files import is_shipped, locate, read
from mockcbs.datasets.errors import DatasetError
from mockcbs.traffic.dataset import Dataset

DATASETS = "datasets"


def load(name_or_file: str) -> Dataset:
    """A dataset by name, or a file of the user's own; raises `DatasetError`."""
    path = locate(DATASETS, name_or_file, DatasetError)
    return _shipped(path) if is_shipped(DATASETS, path) else _read(path)


def _read(path: Path) -> Dataset:
    from mockcbs.datasets import schema  # noqa: PLC0415 - only reading needs schemas

    content: dict[str, Any] = read(path, schema.DatasetSchema(), DatasetError)
    return Dataset(name=path.stem, **content)


@cache
def _shipped(path: Path) -> Dataset:
    """A dataset that comes with mockcbs: read once, and shared by all mocks of the process."""
    return _read(path)
