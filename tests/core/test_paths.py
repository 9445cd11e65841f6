"""What stands at a path that a user has typed."""

from pathlib import Path

import pytest

from mockcbs.core import paths


@pytest.mark.parametrize("name", ["n" * 300, "a\0b", "missing"])
def test_an_impossible_path_has_nothing(name):
    """A name that no file can have is treated like that of a missing file."""
    assert not paths.is_file(Path(name))
    assert not paths.is_folder(Path(name))
    assert not paths.exists(Path(name))


def test_files_and_folders(tmp_path):
    """A file is no folder, and a folder is no file."""
    (tmp_path / "a").write_text("")

    assert (paths.is_file(tmp_path / "a"), paths.is_folder(tmp_path / "a")) == (True, False)
    assert (paths.is_file(tmp_path), paths.is_folder(tmp_path)) == (False, True)
    assert paths.exists(tmp_path / "a")
