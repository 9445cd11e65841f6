"""``mockcbs serve`` as a command: what it prints, what it reads, how it fails and how it stops."""

import contextlib
import http.client
import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.commands import run_program
from tests.waiting import until

from .conftest import Served, environment, stop

BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
PATH = f"/v1/p/qabots/{BOT}/requests/reply-rates"
NOW = "2026-03-05T12:00:00+08:00"
SMALL = f"""\
description: One bot and no other.
bots:
  - id: {BOT}
    traffic: {{sessions_per_day: 4, users: 3}}
"""


def _fail(*options: str, env: dict[str, str] | None = None) -> str:
    """Start a server that cannot start; return the one line it says."""
    return _one_line(run_program("serve", *options, env=env))


def _one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("mockcbs: ")
    return done.stderr.strip()


def _call(served: Served, path: str, *, token: str = "") -> tuple[int, bytes]:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)) as client:
        client.request("GET", path, headers={"X-Auth-Token": token})
        response = client.getresponse()
        return response.status, response.read()


def _body(served: Served) -> bytes:
    status, body = _call(served, PATH, token="any-token")
    assert status == 200
    return body


@pytest.fixture
def small(tmp_path):
    """A dataset file."""
    file = tmp_path / "small.yaml"
    file.write_text(SMALL, "utf-8")
    return str(file)


@pytest.mark.parametrize("workers", ["1", pytest.param("2", marks=pytest.mark.slow)])
def test_watch(serving, small, workers):
    """A file that is saved is shown soon, on every worker; a broken one is reported and changes nothing."""
    file = Path(small)
    with serving("--dataset", small, "--now", NOW, "--watch", "--workers", workers) as served:
        before = _body(served)
        file.write_text(SMALL.replace("day: 4", "day: 40"), "utf-8")
        until(lambda: all(_body(served) != before for _ in range(8)))
        changed = _body(served)
        file.write_text("bot: []", "utf-8")
        until(lambda: "the former one stays" in served.logged())
        assert changed != before
        assert {_body(served) for _ in range(8)} == {changed}

    told = [line for line in served.errors.splitlines() if small in line]
    assert len(told) == 2, served.errors
    assert "was read again: bot" in told[0]
    assert f"the former one stays: {small}:1: bot: unknown key" in told[1]


def test_watch_needs_a_file():
    """Without files of the user, there is nothing to watch."""
    assert "--watch is about your own files" in _fail("--watch")


def test_port_in_use():
    """A port that is taken is named in one line, exit status 2."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        line = _one_line(
            subprocess.run(
                [sys.executable, "-m", "mockcbs", "serve", "--port", port],
                capture_output=True,
                encoding="utf-8",
                env=environment(),
                timeout=30,
                check=False,
            )
        )

    assert f"127.0.0.1:{port} is in use" in line


def test_foreign_address():
    """An address of another machine is named in one line, exit status 2."""
    line = _fail("--host", "192.0.2.1", "--port", "0")

    assert "192.0.2.1:0" in line


def test_unknown_dataset():
    """An unknown dataset is named in one line with the known ones, exit status 2."""
    line = _fail("--port", "0", "--dataset", "nonesuch")

    assert "'nonesuch'" in line
    assert "everyday" in line


def test_unknown_scenario():
    """An unknown scenario is named in one line with the probable one and what lists all, exit status 2."""
    line = _fail("--port", "0", "--scenario", "flaky_once")

    assert "no scenario 'flaky_once': give a YAML file or one of the " in line
    assert "`mockcbs scenarios` lists, such as flaky-once" in line
    assert line.endswith("; did you mean 'flaky-once'?")


@pytest.mark.parametrize(
    ("text", "line_number", "word"),
    [
        ("description: broken\nbots: [\n  - id: x\n", 3, ""),
        (SMALL + "bosts: []\n", 5, "bosts"),
        *(
            pytest.param(*one, marks=pytest.mark.slow)
            for one in (
                (SMALL.replace("sessions_per_day: 4", "sessions_per_day: many"), 4, "sessions_per_day"),
                (SMALL.replace(BOT, "no-id"), 3, "no-id"),
                (SMALL + "description: again\n", 5, "twice"),
                ("- a list\n", 1, ""),
            )
        ),
    ],
    ids=["syntax", "unknown key", "wrong type", "bad id", "repeated key", "no mapping"],
)
def test_broken_dataset(tmp_path, text, line_number, word):
    """A broken dataset file is named with the line of its mistake in one line, exit status 2."""
    file = tmp_path / "broken.yaml"
    file.write_text(text, "utf-8")

    line = _fail("--port", "0", "--dataset", str(file))

    assert f"{file}:{line_number}: " in line
    assert word in line


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--now", "yesterday", ("yesterday", "ISO 8601")),
        ("--now", "1066-10-14", ("1066-10-14", "2021")),
        ("--now", "", ("--now",)),
        ("--default-start", "month", ("month", "epoch", "week")),
        ("--port", "65536", ("65536",)),
        ("--port", "http", ("http",)),
        ("--seed", "x", ("x",)),
        ("--gateway-prefix", "APP", ("APP", "APIGW")),
    ],
)
def test_bad_option(option, value, words):
    """A bad value is quoted with what is accepted in one line, exit status 2."""
    line = _fail(option, value)

    assert option in line
    assert all(word in line for word in words)


def test_tick_without_a_start():
    """--tick needs a start of the clock, and the error names the settings that state one."""
    line = _fail("--port", "0", "--tick")

    assert "--tick" in line
    assert "--now" in line
    assert "everyday" in line


def test_tick_with_a_dataset_that_sets_the_clock(serving):
    """With --tick the clock runs from the time that the dataset states."""
    with serving("--dataset", "documented-week", "--tick") as served:
        assert any("clock running from 2021-02-19" in line for line in served.lines)


def test_a_miss_of_nothing():
    """--on-miss fail without recorded exchanges is an error."""
    line = _fail("--port", "0", "--on-miss", "fail")

    assert "--on-miss fail" in line
    assert "add --replay FILE" in line


def test_a_record_that_is_none(small):
    """A file that is not a file of exchanges is an error that names the missing key."""
    line = _fail("--port", "0", "--replay", small)

    assert f"{small}: not a file of exchanges" in line


def test_bad_variable():
    """The error for a bad value in an environment variable is like that for an option."""
    line = _fail("--port", "0", env={"MOCKCBS_NOW": "yesterday"})

    assert "'yesterday'" in line
    assert "ISO 8601" in line


def test_unknown_option():
    """An unknown option is named in one line, exit status 2."""
    line = _fail("--prot", "0")

    assert "--prot" in line


@pytest.mark.slow
def test_environment_variables(serving, small):
    """MOCKCBS_PORT, _DATASET, _SEED and _NOW do what the options do; an option wins over its variable."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    variables = {"MOCKCBS_DATASET": small, "MOCKCBS_SEED": "7", "MOCKCBS_NOW": NOW}
    others = {"MOCKCBS_DATASET": "nonesuch", "MOCKCBS_SEED": "8", "MOCKCBS_NOW": "0", "MOCKCBS_PORT": "1"}

    with serving(port=None, env={**variables, "MOCKCBS_PORT": str(port)}) as served:
        from_variables, listens_on = _body(served), served.port
    with serving("--dataset", small, "--seed", "7", "--now", NOW, env=others) as served:
        from_options = _body(served)
    with serving(env={**variables, "MOCKCBS_SEED": "8"}) as served:
        of_another_seed = _body(served)

    assert listens_on == port
    assert from_variables == from_options != of_another_seed
    assert 0 < json.loads(from_options)["total"]["question_count"] < 1000


def test_banner(server):
    """The banner names the URL, the dataset and the credentials, and shows calls to try."""
    banner = "\n".join(server.lines)

    for words in (server.url, "everyday", "seed 42", "MOCKCBSAK", "mockcbs-secret-key", "password mockcbs"):
        assert words in banner
    assert server.port != 0


@pytest.mark.slow
def test_ready_when_printed(serving):
    """The first connection succeeds as soon as the URL is printed."""
    with (
        serving("--quiet") as served,
        socket.create_connection(("127.0.0.1", served.port), 5) as connection,
    ):
        connection.sendall(b"GET /v1/p/qabots/q/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")

        assert connection.recv(12) == b"HTTP/1.1 404"


def test_quiet(serving):
    """With --quiet only the URL is printed, even when calls fail."""
    with serving("--quiet") as served:
        status, _ = _call(served, PATH)

    assert status == 401
    assert served.lines == [f"http://127.0.0.1:{served.port}"]
    assert served.errors == ""


def test_failed_calls_are_logged_with_their_reason(serving):
    """Without --quiet, a failed call is logged in one line with the reason and without the token."""
    with serving() as served:
        _call(served, f"{PATH}?interval=hour", token="s3cret")

    (line,) = served.errors.splitlines()
    assert "400 CBS.0021 GET" in line
    assert "'hour'" in line
    assert "s3cret" not in line


def test_interrupt(serving):
    """Ctrl-C stops the server within a second or so, with status 0, also when it speaks TLS."""
    with serving("--tls") as served:
        stop(served.process, lambda: served.process.send_signal(signal.SIGINT))

    assert "Traceback" not in served.errors


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(signal.SIGINT, id="interrupt", marks=pytest.mark.slow),
        pytest.param(signal.SIGTERM, id="terminate"),
    ],
)
def test_stop_with_clients_connected(serving, number):
    """Clients that are idle, half way through a request or do not read do not delay the end."""
    request = f"GET {PATH} HTTP/1.1\r\nHost: a\r\nX-Auth-Token: t\r\n\r\n".encode()
    with serving() as served, contextlib.ExitStack() as stack:
        idle, half, lazy = (
            stack.enter_context(socket.create_connection(("127.0.0.1", served.port), 10)) for _ in range(3)
        )
        idle.sendall(request)
        assert idle.recv(12) == b"HTTP/1.1 200"
        half.sendall(request[:40])
        lazy.sendall(request * 300)

        stop(served.process, lambda: served.process.send_signal(number))


@pytest.mark.slow
def test_stopped_port_can_be_taken_again(serving):
    """A server may be stopped and started again on the same port at once."""
    with serving() as served:
        _body(served)
        port = served.port

    with serving(port=str(port)) as again:
        assert again.port == port
        _body(again)


def test_installed_command():
    """``mockcbs serve --help`` names every option with its variable."""
    done = subprocess.run(
        [sys.executable, "-m", "mockcbs", "serve", "--help"],
        capture_output=True,
        encoding="utf-8",
        env=environment({"COLUMNS": "200"}),
        timeout=30,
        check=True,
    )

    for name in ("host", "port", "seed", "dataset", "now", "tick", "strict", "tls", "quiet"):
        assert f"--{name}" in done.stdout
        assert f"MOCKCBS_{name.upper()}" in done.stdout


def test_variables_are_flags(serving):
    """Every flag has its variable, those that begin with no as well; credentials are flags, too."""
    variables = {"MOCKCBS_NO_CONTROL": "1", "MOCKCBS_NO_HINTS": "1", "MOCKCBS_IAM_USER": "joe"}
    with serving("--coze-token", "pat_mine", "--webhook-secret", "mine", env=variables) as served:
        status, _ = _call(served, "/_mockcbs/health")
        assert status == 404

    assert any("IAM user joe" in line for line in served.lines)
    assert any("Coze token pat_mine" in line for line in served.lines)
    assert any("Webhook verify token mine" in line for line in served.lines)


def test_a_variable_that_is_no_flag_is_told(serving):
    """A misspelt variable is reported, because it has no effect; those of the contract kit are not for
    serve.
    """
    with serving(env={"MOCKCBS_SEDE": "9", "MOCKCBS_CONTRACT_TOKEN": "x"}) as served:
        pass

    (line,) = served.errors.splitlines()
    assert line.endswith("MOCKCBS_SEDE is not a setting of `mockcbs serve`; did you mean 'MOCKCBS_SEED'?")


def test_no_interruption_is_lost():
    """While modules are imported Python may drop the exception that Ctrl-C raises; the process ends."""
    code = (
        "import os, signal; from mockcbs.cli.interrupts import importing\n"
        "with importing():\n"
        "    try: os.kill(os.getpid(), signal.SIGINT); signal.pause()\n"
        "    except KeyboardInterrupt: pass\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False
    )

    assert (done.returncode, done.stderr) == (130, "mockcbs: interrupted\n")
