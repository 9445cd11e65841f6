"""Errors in dataset files."""

import pytest

from mockcbs.datasets.errors import DatasetError
from mockcbs.datasets.load import load
from tests.datasets.files import write


def test_aliases_cannot_unfold_without_end(tmp_path):
    """A billion laughs are refused before anything is built."""
    lines = ["l0: &l0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 9)]

    with pytest.raises(DatasetError, match="aliases counted in full"):
        load(write(tmp_path, "\n".join(lines)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"bots: [\xff]", "is not UTF-8"),
        (b"bots: " + b"[" * 5000 + b"]" * 5000, "nested too deeply"),
        (b"bots: \x00", "a control character"),
    ],
)
def test_a_file_that_is_no_yaml_is_refused(tmp_path, content, words):
    """Bytes that are not YAML cause a clear error, not a traceback."""
    file = tmp_path / "mine.yaml"
    file.write_bytes(content)

    with pytest.raises(DatasetError, match=words):
        load(str(file))
