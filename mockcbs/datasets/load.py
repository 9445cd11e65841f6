"""Datasets: YAML files with bots, stated turns, and profiles of generated traffic.

`docs/datasets.md` describes the format for users.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockcbs.core.files import is_shipped, locate, read
from mockcbs.datasets.errors import DatasetError
from mockcbs.traffic.dataset import Dataset

if TYPE_CHECKING:
    from mockcbs.datasets.schema import Sections

DATASETS = "datasets"


def load(name_or_file: str, sections: "Sections" = ()) -> Dataset:
    """Read a dataset of mockcbs by its name, or a file of the user; raises `DatasetError`.

    *sections* are the keys of services.
    """
    path = locate(DATASETS, name_or_file, DatasetError)
    return _shipped(path, sections) if is_shipped(DATASETS, path) else _read(path, sections)


def _read(path: Path, sections: "Sections") -> Dataset:
    from mockcbs.datasets import schema  # noqa: PLC0415 - only reading needs schemas

    content: dict[str, Any] = read(path, schema.dataset_schema(sections), DatasetError)
    return Dataset(name=path.stem, **content)


@cache
def _shipped(path: Path, sections: "Sections") -> Dataset:
    """A dataset of mockcbs, which is read once and shared by all mocks of the process."""
    return _read(path, sections)
