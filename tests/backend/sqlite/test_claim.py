"""State files that another program has changed."""

import pickle
import sqlite3

import pytest

from mockcbs.backend.location import opened
from mockcbs.backend.sqlite.seals import seal
from mockcbs.core.errors import UserError


def _with(tmp_path, statement: str):
    """A state file of mockcbs with an addition by another program."""
    file = tmp_path / "state"
    with opened(str(file), 1, tmp_path) as backend:
        backend.documents.put("k", "p", "a", {})
    connection = sqlite3.connect(file)
    connection.execute(statement)
    connection.commit()
    connection.close()
    return file


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER evil AFTER INSERT ON documents BEGIN DELETE FROM turns; END",
        "CREATE VIEW evil AS SELECT * FROM documents",
        "CREATE TABLE evil (x AS (abs(id)), id)",
        "CREATE INDEX evil ON documents (json_extract(body, '$.x'))",
    ],
)
def test_a_file_with_something_added_is_refused(tmp_path, statement):
    """A trigger, view, column or index that mockcbs did not make is not obeyed; the error names it."""
    file = _with(tmp_path, statement)

    with (
        pytest.raises(UserError, match=r"changed by another program: its \w+ 'evil'|schema \(evil\)"),
        opened(str(file), 1, tmp_path),
    ):
        pass


def test_statistics_that_sqlite_keeps_are_no_change(tmp_path):
    """A file is accepted after ANALYZE."""
    file = _with(tmp_path, "ANALYZE")

    with opened(str(file), 1, tmp_path) as backend:
        assert backend.documents.get("k", "p", "a") == {}


def test_a_crafted_document_runs_no_code(tmp_path, monkeypatch):
    """No document of any kind is unpickled."""
    monkeypatch.setattr(pickle, "loads", lambda *_: pytest.fail("unpickled"))
    body = '{"": {"id": "x", "started": 0, "rules": 0, "scenario": "gASV"}}'
    file = _with(
        tmp_path,
        "INSERT INTO documents (kind, scope, key, body, seal)"
        f" VALUES ('run', '', '', '{body}', {seal('run', '', '', body)})",
    )

    with opened(str(file), 1, tmp_path) as backend:
        assert backend.runs(lambda _: lambda: 0).played(None) is None
