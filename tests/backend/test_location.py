"""The locations of state, and the addresses that are refused."""

import sqlite3

import pytest

from mockcbs.backend.location import file_of, opened
from mockcbs.backend.memory import MemoryBackend
from mockcbs.core.clock import Clock
from mockcbs.core.errors import UserError
from mockcbs.faults.scenario import Scenario


def test_one_worker_keeps_its_state_in_memory(tmp_path):
    """A single worker without a state file keeps its state in memory."""
    with opened(None, 1, tmp_path) as backend:
        assert isinstance(backend, MemoryBackend)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["{}", "sqlite:///{}"])
def test_a_file_by_its_name_or_as_a_url(tmp_path, form):
    """A path and an SQLAlchemy URL can name the same file."""
    file = tmp_path / "state.sqlite"

    assert file_of(form.format(file)) == file


@pytest.mark.parametrize(
    "state", ["mysql://u:secret@db/x", "redis://db", "sqlite://x", "sqlite:///", "", "/", "no/x/y"]
)
def test_what_is_no_file_is_refused(state):
    """The error names the wrong value and the accepted ones."""
    with pytest.raises(UserError, match="accepted are a file, sqlite:///FILE, or postgresql://") as refusal:
        file_of(state)
    assert repr(state) in str(refusal.value) or state.partition(":")[0] in str(refusal.value)
    assert "secret" not in str(refusal.value)


def _foreign(file):
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE precious (x)")
    connection.close()


def _other_version(file):
    with opened(str(file), 1, file.parent):
        pass
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA user_version = 99")
    connection.close()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_foreign, "not one of mockcbs's"),
        (_other_version, "another version of mockcbs"),
        (lambda file: file.write_text("x" * 5000), "not a database"),
    ],
)
def test_a_file_of_somebody_else_is_left_alone(tmp_path, make, words):
    """A file that is not a database of mockcbs is refused and not changed."""
    file = tmp_path / "file"
    make(file)
    before = file.read_bytes()

    with pytest.raises(UserError, match=words), opened(str(file), 1, tmp_path):
        pass

    assert file.read_bytes() == before


def test_what_only_holds_for_one_server_is_gone_at_the_next(tmp_path):
    """Clocks, scenarios and leases begin anew; what clients created stays."""
    file, (first, second) = tmp_path / "state", (tmp_path / "1", tmp_path / "2")
    for folder in (first, second):
        folder.mkdir()
    with opened(str(file), 1, first) as backend:
        with backend.clocks(Clock).change("p") as clock:
            clock.freeze(7)
        backend.runs(lambda _: lambda: 0).begin("p", "", Scenario("mine"), anew=True)
        assert backend.leases.lease("job", "first", 1000)
        backend.documents.put("session", "p", "s", {"y": 2})

    with opened(str(file), 1, second) as backend:
        assert backend.clocks(Clock).of("p").mode == "real"
        assert backend.runs(lambda _: lambda: 0).played("p") is None
        assert backend.leases.lease("job", "second", 1000)
        assert backend.documents.get("session", "p", "s") == {"y": 2}


@pytest.mark.parametrize("link", ["symlink_to", "hardlink_to"])
def test_one_server_uses_a_file_under_whatever_name(tmp_path, link):
    """A link to a state file is the same file, and a deleted lock file changes nothing."""
    file, other = tmp_path / "state", tmp_path / "link"

    with opened(str(file), 1, tmp_path):
        getattr(other, link)(file)
        (tmp_path / "state-lock").unlink(missing_ok=True)
        for name in (file, other):
            with pytest.raises(UserError, match="in use by another mockcbs"), opened(str(name), 1, tmp_path):
                pass

    with opened(str(other), 1, tmp_path) as backend:
        backend.documents.put("k", "p", "a", {})
