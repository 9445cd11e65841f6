"""Every statement to a state file fails once: disk full, file locked or broken, or a kill.

Whatever fails, a response reports it; what was acknowledged stays, and what was refused is not half there.
"""

import logging
import os
import sqlite3

import pytest

from mockcbs import Settings, create_app
from mockcbs.backend.location import opened
from tests.conftest import BOT, NOW, PROJECT
from tests.fuzz.test_values import Bugs

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(900)]

STEP = int(os.environ.get("MOCKCBS_FUZZ_STEP", "1"))
"""Every so many statements one fails; 1 is all of them."""
CBS = f"/v1/{PROJECT}/qabots/{BOT}"
COZE = {"bot_id": "7342866812345678901", "user_id": "u", "additional_messages": [], "auto_save_history": True}
MESSAGE = {"role": "user", "content": "hello", "content_type": "text"}
CODES = {
    "full": sqlite3.SQLITE_FULL,
    "locked": sqlite3.SQLITE_BUSY,
    "broken": sqlite3.SQLITE_IOERR,
}


class Faults:
    """Counts statements, and lets one of them fail."""

    def __init__(self):
        self.count, self.fails, self.how = 0, 0, ""

    def before(self):
        self.count += 1
        if self.count != self.fails:
            return
        if self.how == "killed":
            os._exit(9)
        error = sqlite3.OperationalError(self.how)
        error.sqlite_errorcode = CODES[self.how]
        raise error


@pytest.fixture
def faults(monkeypatch):
    """What fails from now on in connections that are opened."""
    made, connect = Faults(), sqlite3.connect

    class Connection(sqlite3.Connection):
        def execute(self, *given):
            made.before()
            return super().execute(*given)

    monkeypatch.setattr(
        "mockcbs.backend.sqlite.database.sqlite3.connect",
        lambda *given, **named: connect(*given, **named, factory=Connection),
    )
    return made


def work(client) -> tuple[int, int]:
    """Questions acknowledged and questions asked, by a client that does a bit of everything."""
    asked = acknowledged = 0
    for number in range(3):
        answer = client.post(
            f"{CBS}/chat", json={"question": f"question {number}"}, headers={"X-Auth-Token": "t"}
        )
        asked += 1
        acknowledged += answer.status_code == 200
    bearer = {"Authorization": "Bearer pat_mockcbs"}
    client.post("/v1/conversation/create", json={"messages": [MESSAGE]}, headers=bearer)
    client.post("/v3/chat", json={**COZE, "additional_messages": [MESSAGE]}, headers=bearer)
    client.put(f"/_mockcbs/clock?project={PROJECT}", json={"advance_ms": 1000})
    client.put(f"/_mockcbs/scenario?project={'f' * 32}", json={"scenario": "flaky-once"})
    client.get(f"{CBS}/requests/session-stats?interval=year", headers={"X-Auth-Token": "t"})
    return acknowledged, asked


def recorded(client) -> int:
    """The questions that the statistics count, each of which opened a session."""
    answer = client.get(f"{CBS}/requests/session-stats?interval=year", headers={"X-Auth-Token": "t"})
    assert answer.status_code == 200
    return answer.json["total"]["session_count"]


def run(tmp_path, faults, fails: int, how: str) -> tuple[int, int]:
    """Work while the statement of that number fails; questions acknowledged and asked."""
    with opened(str(tmp_path / "state"), 1, tmp_path) as backend:
        client = create_app(Settings(now=NOW, dataset="empty"), backend).test_client()
        faults.count, faults.fails, faults.how = 0, fails, how
        done = work(client)
        faults.fails = 0
        backend._kept._busy_until = backend._live._busy_until = 0.0
        acknowledged, asked = done
        assert acknowledged <= recorded(client) <= asked
    return done


def check_again(tmp_path, acknowledged: int, asked: int):
    """The file opens again, and holds what was acknowledged."""
    with opened(str(tmp_path / "state"), 1, tmp_path) as backend:
        client = create_app(Settings(now=NOW + 60_000, dataset="empty"), backend).test_client()
        assert acknowledged <= recorded(client) <= asked


@pytest.mark.parametrize("how", CODES)
def test_each_statement_fails_once(tmp_path, faults, how):
    """No fault is a bug, loses what was acknowledged, or leaves a file that does not open."""
    logging.getLogger("mockcbs").addHandler(bugs := Bugs())
    try:
        (tmp_path / "0").mkdir()
        assert run(tmp_path / "0", faults, 0, how) == (3, 3)
        for fails in range(1, faults.count + 1, STEP):
            folder = tmp_path / str(fails)
            folder.mkdir()
            done = run(folder, faults, fails, how)
            assert not bugs.found, (how, fails, bugs.found[0])
            check_again(folder, *done)
    finally:
        logging.getLogger("mockcbs").removeHandler(bugs)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_kill_at_each_statement(tmp_path, faults):
    """A server can be killed at any statement; its file opens again with everything that was acknowledged."""
    (tmp_path / "0").mkdir()
    run(tmp_path / "0", faults, 0, "killed")
    for fails in range(1, faults.count + 1, STEP):
        folder = tmp_path / str(fails)
        folder.mkdir()
        child = os.fork()
        if child == 0:
            try:
                run(folder, faults, fails, "killed")
            finally:
                os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) in {0, 9}
        faults.fails = 0
        check_again(folder, 0, 3)
