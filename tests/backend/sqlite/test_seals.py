"""Rows that another program has changed."""

import sqlite3
from dataclasses import replace

import pytest

from mockcbs.backend.location import opened
from mockcbs.core.errors import UserError
from mockcbs.traffic.knowledge import Turn, Utterance


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("""UPDATE documents SET body = '{"x":1}'""", "documents"),
        ("UPDATE documents SET body = '{'", "documents"),
        ("UPDATE documents SET body = x'00'", "documents"),
        ("UPDATE documents SET scope = 'other'", "documents"),
        ("UPDATE said SET body = 'null'", "said"),
        ("UPDATE turns SET at = 'soon'", "turns"),
        ("UPDATE turns SET at = -1", "turns"),
        ("UPDATE turns SET said = 77", "turns"),
        ("UPDATE turns SET bot = 'another'", "turns"),
        ("UPDATE recorded SET turns = 9", "recorded"),
        ("UPDATE recorded SET sessions = 'x'", "recorded"),
        ("UPDATE total SET turns = 9", "total"),
        ("UPDATE outbox SET body = '[]'", "outbox"),
        ("UPDATE outbox SET due = 'x'", "outbox"),
    ],
)
def test_a_row_that_was_changed_is_refused(tmp_path, statement, table):
    """A row that another program has changed causes an error that names the table."""
    file = tmp_path / "state"
    with opened(str(file), 1, tmp_path) as backend:
        backend.documents.put("k", "p", "a", {"n": 1})
        backend.outbox.append("q", {"n": 1}, due=5)
        backend.recordings.record(Turn("b", "s", "u", 5, Utterance("hello", "direct"), 7), "p")
    connection = sqlite3.connect(file)
    connection.execute(statement)
    connection.commit()
    connection.close()

    refused = pytest.raises(UserError, match=rf"table {table} was changed by another program")
    with refused, opened(str(file), 1, tmp_path):
        pass


def test_what_was_written_is_accepted(tmp_path):
    """A row is accepted after any number of changes by mockcbs, amended and dropped turns included."""
    file, turn = tmp_path / "state", Turn("b", "s", "u", 5, Utterance("hello", "direct"), 7)
    with opened(str(file), 1, tmp_path) as backend:
        for n in range(3):
            backend.documents.put("k", "p", "a", {"n": n})
            backend.recordings.record(turn, "p")
        backend.outbox.postpone(backend.outbox.append("q", {"n": 1}, due=5), 9, {"n": 2})
        backend.recordings.amend(turn, replace(turn, at_ms=9), "p")
        backend.recordings.record(turn, "q")
        backend.recordings.forget("q")

    with opened(str(file), 1, tmp_path) as backend:
        assert backend.documents.get("k", "p", "a") == {"n": 2}
        assert [entry.body for entry in backend.outbox.peek("q")] == [{"n": 2}]
