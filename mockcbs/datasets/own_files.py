"""A user's dataset file, and the knowledge base file that it may name."""

import re
from hashlib import sha256
from pathlib import Path

from mockcbs.core.files import read_text
from mockcbs.datasets.errors import DatasetError
from mockcbs.datasets.load import Source

_KNOWLEDGE = re.compile(r"""^knowledge:[ \t]*["']?([^\s"'#]+)""", re.MULTILINE)


def files_of(dataset: Path, text: str) -> tuple[Path, ...]:
    """The dataset file, and the knowledge base file if the dataset names one."""
    named = _KNOWLEDGE.search(text)
    knowledge = Path(named[1]) if named else None
    return (dataset, knowledge) if knowledge and knowledge.is_file() else (dataset,)


def read_source(file: Path) -> tuple[Source, tuple[Path, ...]]:
    """Read a dataset file. Return its content and all files that were read; raises `DatasetError`."""
    text = read_text(file, DatasetError)
    files = files_of(file, text)
    texts = [text, *(read_text(other, DatasetError) for other in files[1:])]
    stamp = sha256("\0".join(texts).encode()).hexdigest()
    return Source(file.stem, text, file=str(file), stamp=stamp), files
