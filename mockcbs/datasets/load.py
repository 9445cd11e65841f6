"""Datasets: YAML files with bots, stated turns, and profiles of generated traffic.

`docs/datasets.md` describes the format for users.
"""

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from marshmallow import ValidationError

from mockcbs.core.files import (
    LISTED_BY,
    checked,
    dotted,
    flat,
    is_shipped,
    locate,
    read,
    read_text,
    shipped,
    without_anchors,
)
from mockcbs.core.spelling import accepted
from mockcbs.datasets.errors import DatasetError
from mockcbs.traffic.dataset import Dataset

if TYPE_CHECKING:
    from mockcbs.datasets.schema import Sections

DATASETS = "datasets"
_MAX_PROBLEMS = 3


def load(name_or_file: str, sections: "Sections" = ()) -> Dataset:
    """Read a shipped dataset by its name, or a dataset file of the user; raises `DatasetError`.

    *sections* are the keys that services add to the format.
    """
    path = locate(DATASETS, name_or_file, DatasetError)
    return _shipped(path, sections) if is_shipped(DATASETS, path) else _read(path, sections)


class Source(NamedTuple):
    """A dataset that a client names or sends."""

    name: str
    text: str | None = None
    """The text of a dataset file; `None` means the shipped dataset with that name."""
    is_json: bool = False
    """Whether the text is JSON; otherwise it is YAML."""
    file: str = ""
    """The user's file from which the text was read; it may name a knowledge base in another file."""
    stamp: str = ""
    """A value that changes when a file to which the text refers has changed."""


def load_source(source: Source, sections: "Sections" = ()) -> Dataset:
    """Read the dataset of *source*; raises `DatasetError`.

    A text that was not read from a file cannot refer to files of the user.
    """
    if source.text is None:
        files = shipped(DATASETS)
        if source.name not in files:
            names = accepted(source.name, files, LISTED_BY[DATASETS])
            raise DatasetError(f"no dataset {source.name!r}: name one of {names}")
        return _shipped(files[source.name], sections)
    return Dataset(name=source.name, **_content(source, source.text, sections))


def _content(source: Source, text: str, sections: "Sections") -> dict[str, Any]:
    from mockcbs.datasets import schema  # noqa: PLC0415 - only reading needs schemas

    reader = schema.dataset_schema(sections, own_files=bool(source.file))
    if not source.is_json:
        content: dict[str, Any] = checked(text, source.file or source.name, reader, DatasetError)
        return content
    try:
        content = reader.load(without_anchors(json.loads(text)))
    except ValidationError as error:
        problems = [f"{dotted(keys)}{message}" for keys, message in flat(error.messages)]
        raise DatasetError("; ".join(problems[:_MAX_PROBLEMS])) from error
    return content


def _read(path: Path, sections: "Sections") -> Dataset:
    from mockcbs.datasets import schema  # noqa: PLC0415 - only reading needs schemas

    content: dict[str, Any] = read(path, schema.dataset_schema(sections), DatasetError)
    return Dataset(name=path.stem, **content)


@cache
def _shipped(path: Path, sections: "Sections") -> Dataset:
    """Read a shipped dataset; all mocks of the process share the result.

    Of *sections* only those are made whose keys are in the text: others would import services at each start.
    """
    from mockcbs.datasets import schema  # noqa: PLC0415 - only reading needs schemas

    text = read_text(path)
    needed = tuple(one for one in sections if one[0].removeprefix(schema.OF_BOT) in text)
    return Dataset(name=path.stem, **checked(text, path, schema.dataset_schema(needed), DatasetError))
