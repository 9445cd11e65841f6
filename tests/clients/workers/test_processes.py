"""Workers as processes: replaced, stopped, with TLS, and with a state file."""

import json
import os
import signal
import subprocess
import sys

import psutil
import pytest
import requests

from tests.clients.conftest import Served, environment, stop
from tests.clients.crew import TIMEOUT, TOKEN, Connection, everyone
from tests.clients.test_cli_serve import _fail
from tests.clients.workers.calls import BOT, PROJECT, STATISTICS, rounds


def _children(served: Served) -> list[int]:
    return [child.pid for child in psutil.Process(served.process.pid).children()]


def _serve(*, workers: int) -> list[str]:
    """The command that serves with workers, on a free port."""
    words = f"-m mockcbs serve --port 0 --workers {workers} --dataset empty"
    return [sys.executable, *words.split()]


def test_a_worker_that_is_killed_is_replaced(serving):
    """A new worker with all state replaces one that is killed, and the log records this."""
    with serving("--dataset", "empty", "--now", "2026-11-22T00:00:00Z", "--workers", "2") as served:
        with everyone(served, 2) as (first, second):
            first.ok("POST", f"{BOT}/chat", {"question": "一"})
            second.ok("PUT", "/_mockcbs/clock", {"advance_ms": 5})
            second.ok("PUT", "/_mockcbs/scenario?project=q", {"scenario": "server-error"})
        before = _children(served)
        killed = psutil.Process(before[0])

        killed.kill()
        psutil.wait_procs([killed], TIMEOUT)

        with everyone(served, 2) as workers:
            assert [rounds(worker) for worker in workers] == [1, 1]
            assert {worker.ok("GET", "/_mockcbs/health")["now"] for worker in workers} == {1_795_305_600_005}
            assert {worker("GET", STATISTICS.replace(PROJECT, "q"))[0] for worker in workers} == {500}
        after = _children(served)
        assert len(after) == 2
        assert set(before) & set(after) == {before[1]}
    assert "ended with status -9, another takes its place" in served.errors


@pytest.mark.parametrize("way", [pytest.param(signal.SIGINT, marks=pytest.mark.slow), signal.SIGTERM])
def test_a_signal_stops_all(serving, way):
    """Ctrl-C or SIGTERM ends every worker with status 0, and no process or file remains."""
    with serving("--dataset", "empty", "--workers", "3") as served:
        children = _children(served)
        stop(served.process, lambda: served.process.send_signal(way))

        assert len(children) == 3
        assert not any(psutil.pid_exists(pid) for pid in children)
    assert served.errors == ""
    assert served.lines[-1] == "mockcbs stopped."


@pytest.mark.slow
def test_ctrl_c_at_a_terminal(serving):
    """Ctrl-C at a terminal reaches every process of the group; they end as after a signal to the parent."""
    with subprocess.Popen(
        _serve(workers=2),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment(),
        start_new_session=True,
    ) as process:
        try:
            while "Ctrl-C" not in process.stdout.readline():
                assert process.poll() is None

            stop(process, lambda: os.killpg(process.pid, signal.SIGINT))

            assert process.stderr.read() == ""
        finally:
            process.kill()


@pytest.mark.slow
def test_no_orphans(serving):
    """If the parent is killed, the workers end by themselves."""
    with subprocess.Popen(
        _serve(workers=3), stdout=subprocess.PIPE, encoding="utf-8", env=environment()
    ) as process:
        try:
            while "Ctrl-C" not in process.stdout.readline():
                assert process.poll() is None
            children = psutil.Process(process.pid).children()
        finally:
            process.kill()

        gone, alive = psutil.wait_procs(children, TIMEOUT)
        assert (len(gone), alive) == (3, [])


@pytest.mark.slow
def test_tls(serving):
    """All workers use the same TLS certificate."""
    with serving("--dataset", "empty", "--workers", "2", "--tls") as served:
        headers, trusted = {**TOKEN, "Connection": "close"}, served.ca_file

        calls = (
            requests.get(f"{served.url}{STATISTICS}", headers=headers, verify=trusted, timeout=TIMEOUT)
            for _ in range(6)
        )
        assert [call.status_code for call in calls] == [200] * 6


@pytest.mark.slow
def test_quiet(serving):
    """With --quiet the URL is printed once, and nothing else."""
    with serving("--dataset", "empty", "--workers", "2", "--quiet") as served:
        answer = requests.get(f"{served.url}{STATISTICS}", headers=TOKEN, timeout=TIMEOUT)

    assert answer.status_code == 200
    assert served.lines == [served.url]
    assert served.errors == ""


@pytest.mark.slow
def test_replayed_answers_come_in_order_whoever_gives_them(serving, tmp_path):
    """All workers together give the recorded responses to equal requests in order."""
    file = tmp_path / "recorded.json"
    exchanges = [
        {
            "request": {"method": "GET", "path": "/x"},
            "response": {"status": 200, "body": f'{{"n": {number}}}'},
        }
        for number in range(3)
    ]
    file.write_text(json.dumps({"exchanges": exchanges}), "utf-8")

    with (
        serving("--dataset", "empty", "--workers", "2", "--replay", str(file)) as served,
        everyone(served, 2) as (first, second),
    ):
        answers = [worker.ok("GET", "/x")["n"] for worker in (first, second, first, second)]

    assert answers == [0, 1, 2, 2]


@pytest.mark.parametrize("workers", ["1", pytest.param("2", marks=pytest.mark.slow)])
def test_state_in_a_file_outlives_the_server(serving, tmp_path, workers):
    """After a restart, what clients sent and created is there; clock and scenarios begin anew."""
    file = tmp_path / "state.sqlite"
    options = ("--dataset", "empty", "--now", "2026-11-22T00:00:00Z", "--workers", workers)

    with serving(*options, "--state", str(file)) as served:
        connection = Connection(served.port)
        opened = connection.ok("POST", f"{BOT}/chat", {"question": "一"})["session_id"]
        connection.ok("PUT", "/_mockcbs/clock", {"advance_ms": 5})
        connection.ok("PUT", "/_mockcbs/scenario", {"scenario": "server-error"})
        connection.client.close()
    with serving(*options, "--state", f"sqlite:///{file}") as served:
        connection = Connection(served.port)
        assert rounds(connection) == 1
        body = {"question": "二", "session_id": opened}
        assert connection.ok("POST", f"{BOT}/chat", body)["session_id"] == opened
        assert connection.ok("GET", "/_mockcbs/health")["now"] == 1_795_305_600_000
        connection.client.close()

    assert sorted(path.name for path in tmp_path.iterdir()) == ["state.sqlite"]


@pytest.mark.slow
def test_a_state_file_serves_one_server_at_a_time(serving, tmp_path):
    """A second server with the same file is refused, in one line."""
    file = str(tmp_path / "state.sqlite")

    with serving("--dataset", "empty", "--state", file):
        line = _fail("--port", "0", "--state", file)

    assert f"{file!r} is in use by another mockcbs" in line


def test_options_that_cannot_be():
    """Errors for a wrong number of workers and a wrong state file name the accepted values."""
    assert "from 1 to 64" in _fail("--workers", "0")
    assert "from 1 to 64" in _fail("--port", "0", env={"MOCKCBS_WORKERS": "65"})
    assert "mysql is not supported; accepted are a file" in _fail("--state", "mysql://db/mock")
