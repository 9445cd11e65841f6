"""``mockcbs serve --workers N``: several processes, one mock."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
import requests

from .conftest import Served, Serving, environment, stop
from .crew import TIMEOUT, TOKEN, Connection, everyone
from .test_cli_serve import _fail

PROJECT = "1604d8170cd84440a81281e5a3a04f8b"
BOT = f"/v1/{PROJECT}/qabots/303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
STATISTICS = f"{BOT}/requests/session-stats?interval=day&start_time=1795305600000"
WORKERS = 4


@pytest.fixture(scope="module")
def shared(serving: Serving) -> Iterator[Served]:
    """A server of several workers."""
    with serving("--dataset", "empty", "--now", "2026-11-22T00:00:00Z", "--workers", str(WORKERS)) as served:
        yield served


@pytest.fixture
def workers(shared: Served) -> Iterator[list[Connection]]:
    """A connection to each worker, all as just after the start."""
    with everyone(shared, WORKERS) as connections:
        connections[0].ok("POST", "/_mockcbs/reset")
        yield connections


def rounds(connection: Connection, project: str = PROJECT) -> int:
    path = f"{BOT}/requests/reply-rates?start_time=1795305600000".replace(PROJECT, project)
    return connection.ok("GET", path)["total"]["question_count"]


def test_a_question_counts_everywhere_at_once(workers):
    """What was asked of one worker is in the statistics of every other, and its session goes on there."""
    session = workers[0].ok("POST", f"{BOT}/chat", {"question": "一"})["session_id"]

    for number, worker in enumerate(workers[1:], 2):
        assert rounds(worker) == number - 1
        answer = worker.ok("POST", f"{BOT}/chat", {"question": "二", "session_id": session})
        assert answer["session_id"] == session
        assert [rounds(other) for other in workers] == [number] * WORKERS


def test_another_dataset_and_seed_hold_everywhere_at_once(workers):
    """What one worker was given, by name or in full, every worker shows; a reset restores it everywhere."""
    own = {"bots": [{"id": BOT[-36:], "sessions": [{"turns": [{"at": "2026-11-22T00:00:00Z"}]}]}]}

    workers[0].ok("PUT", "/_mockcbs/dataset?name=own", {"dataset": own})
    assert [rounds(worker) for worker in workers] == [1] * WORKERS
    workers[1].ok("POST", f"{BOT}/chat", {"question": "一"})
    assert [rounds(worker) for worker in workers] == [2] * WORKERS
    workers[2].ok("PUT", "/_mockcbs/dataset", {"dataset": "busy"})
    workers[3].ok("PUT", "/_mockcbs/seed", {"seed": 7})
    assert {worker.ok("GET", "/_mockcbs/health")["seed"] for worker in workers} == {7}
    assert len({json.dumps(worker.ok("GET", STATISTICS)) for worker in workers}) == 1
    workers[0].ok("POST", "/_mockcbs/reset")
    assert {worker.ok("GET", "/_mockcbs/health")["dataset"] for worker in workers} == {"empty"}
    assert [rounds(worker) for worker in workers] == [0] * WORKERS


def test_statistics_are_the_same_bytes_everywhere(workers):
    """Sessions, users, words and pairs are counted alike, however the worker learnt of them."""
    for number in range(20):
        body = {"question": ["桌面云打不开", "量子计算", "上网"][number % 3], "user_id": f"u{number % 4}"}
        workers[number % 2].ok("POST", f"{BOT}/chat", body)

    for operation in ("requests/session-stats", "requests/reply-rates", "requests/keywords", "qa-pairs/hots"):
        path = f"{BOT}/{operation}?interval=day&start_time=1795305600000"
        answers = [json.dumps(worker.ok("GET", path)) for worker in workers]
        assert answers == answers[:1] * WORKERS


def test_coze_goes_on_at_another_worker(workers):
    """A chat begun at one worker is moved on by another, once, and counted by a third."""
    bearer = {"Authorization": "Bearer pat_mockcbs"}
    question = {"role": "user", "content": "你好", "content_type": "text"}
    body = {"bot_id": "7342866812345678901", "user_id": "u", "additional_messages": [question]}
    _, begun = workers[0]("POST", "/v3/chat", body, **bearer)
    chat, conversation = begun["data"]["id"], begun["data"]["conversation_id"]
    where = f"conversation_id={conversation}&chat_id={chat}"

    with ThreadPoolExecutor(WORKERS) as pool:
        looks = list(
            pool.map(lambda worker: worker("GET", f"/v3/chat/retrieve?{where}", **bearer)[1], workers)
        )

    assert {look["data"]["status"] for look in looks} == {"completed"}
    lists = [worker("GET", f"/v3/chat/message/list?{where}", **bearer)[1]["data"] for worker in workers]
    assert [sorted(m["type"] for m in messages) for messages in lists] == [["answer", "verbose"]] * WORKERS
    history = workers[1](
        "POST", f"/v1/conversation/message/list?conversation_id={conversation}", {}, **bearer
    )
    assert len(history[1]["data"]) == 2


def test_a_scenario_counts_calls_of_all_workers_together(workers):
    """Of many calls at once, exactly as many fail as the scenario says."""
    scenario = {
        "description": "The first 37 calls of each bot fail.",
        "rules": [{"when": {"per": "bot", "first": 37}, "answer": {"status": 503}}],
    }
    workers[0].ok("PUT", "/_mockcbs/scenario", {"scenario": scenario})

    def ask(worker: Connection) -> list[int]:
        return [worker("GET", STATISTICS)[0] for _ in range(25)]

    with ThreadPoolExecutor(WORKERS) as pool:
        statuses = Counter(status for own in pool.map(ask, workers) for status in own)

    assert statuses == {503: 37, 200: 63}
    assert "mockcbs_faults_total" in requests.get(url_of(workers[1]) + "/_mockcbs/metrics", timeout=9).text
    workers[1].ok("DELETE", "/_mockcbs/scenario")
    assert [worker.ok("GET", "/_mockcbs/scenario")["scenario"] for worker in workers] == [None] * WORKERS


def test_a_scenario_of_one_project_and_its_state(workers):
    """A scenario is played in its scope by all, and its state is one."""
    rules = [
        {"when": {"state": "start", "nth": 3}, "state": "down"},
        {"when": {"state": "down"}, "answer": {"status": 500}},
    ]
    scenario = {"description": "The third call breaks it.", "rules": rules}
    workers[0].ok("PUT", f"/_mockcbs/scenario?project={PROJECT}", {"scenario": scenario})

    statuses = [worker("GET", STATISTICS)[0] for worker in workers]

    assert statuses == [200, 200, 200, 500]
    shown = [worker.ok("GET", f"/_mockcbs/scenario?project={PROJECT}")["state"] for worker in workers]
    assert shown == ["down"] * WORKERS
    assert {worker("GET", STATISTICS.replace(PROJECT, "other"))[0] for worker in workers} == {200}


def test_the_clock_is_one(workers):
    """Everybody's clock and a project's own, moved through one worker, stand so for all."""
    workers[0].ok("PUT", "/_mockcbs/clock", {"freeze": "2026-11-23T00:00:00Z"})
    workers[1].ok("PUT", "/_mockcbs/clock?project=p", {"advance_ms": 1})
    workers[2].ok("PUT", "/_mockcbs/clock?project=p", {"advance_ms": 1})

    assert {worker.ok("GET", "/_mockcbs/health")["now"] for worker in workers} == {1_795_392_000_000}
    assert {worker.ok("GET", "/_mockcbs/clock?project=p")["now"] for worker in workers} == {1_795_392_000_002}
    assert {worker.ok("GET", STATISTICS)["endutc"] for worker in workers} == {1_795_392_000_000}


def test_reset_is_for_all(workers):
    """After a reset through one worker, no other remembers anything."""
    for worker in workers:
        worker.ok("POST", f"{BOT}/chat", {"question": "一"})
        worker.ok("POST", f"{BOT.replace(PROJECT, 'other')}/chat", {"question": "一"})
    workers[0].ok("PUT", "/_mockcbs/clock", {"advance_ms": 5000})
    workers[1].ok("PUT", f"/_mockcbs/scenario?project={PROJECT}", {"scenario": "server-error"})

    workers[2].ok("POST", f"/_mockcbs/reset?project={PROJECT}")
    assert [(rounds(worker), rounds(worker, "other")) for worker in workers] == [(0, WORKERS)] * WORKERS

    workers[0].ok("PUT", "/_mockcbs/scenario", {"scenario": "server-error"})
    workers[3].ok("POST", "/_mockcbs/reset")
    assert workers[0].ok("GET", "/_mockcbs/journal")["count"] == 0
    assert [rounds(worker, "other") for worker in workers] == [0] * WORKERS
    assert {worker.ok("GET", "/_mockcbs/clock")["now"] for worker in workers} == {1_795_305_600_000}
    assert {worker.ok("GET", "/_mockcbs/scenario")["scenario"] for worker in workers} == {None}


def test_the_journal_is_of_all(workers):
    """A call is in everybody's journal as soon as it is answered; pages go through all of them."""
    for number in range(40):
        workers[number % WORKERS]("GET", f"/v1/p/qabots/page/{number}")
        wanted = {"pattern": {"path": f"*/page/{number}"}}
        assert workers[(number + 1) % WORKERS].ok("POST", "/_mockcbs/journal/verify", wanted) == {
            "matched": 1
        }

    paths: list[str] = []
    before = ""
    while before is not None:
        page = workers[len(paths) % WORKERS].ok("GET", f"/_mockcbs/journal?limit=7{before}")
        assert page["count"] == 40
        paths += [entry["request"]["path"] for entry in page["entries"]]
        before = f"&before={page['next']}" if page["next"] else None
    assert paths == [f"/v1/p/qabots/page/{number}" for number in reversed(range(40))]

    status, problem = workers[0](
        "POST", "/_mockcbs/journal/verify", {"pattern": {"path": "*/page/7"}, "count": 2}
    )
    assert (status, "found 1" in problem["detail"]) == (422, True)
    assert workers[1].ok("DELETE", "/_mockcbs/journal") == {"forgotten": 40, "incomplete": []}
    assert {worker.ok("GET", "/_mockcbs/journal")["count"] for worker in workers} == {0}


def test_workers_who_ask_each_other_all_get_an_answer(workers):
    """Looking into the journal through all workers at once ends, and misses nothing."""
    for worker in workers:
        worker("GET", "/v1/p/qabots/page/1")

    def look(worker: Connection) -> list[int]:
        return [worker.ok("GET", "/_mockcbs/journal?limit=1")["count"] for _ in range(15)]

    with ThreadPoolExecutor(WORKERS) as pool:
        counts = list(pool.map(look, workers))

    assert counts == [[WORKERS] * 15] * WORKERS


def test_the_journal_is_bounded_in_all(serving):
    """The last calls are kept, as many as was said, whoever answered them."""
    with (
        serving("--dataset", "empty", "--workers", "2", "--journal-size", "10") as served,
        everyone(served, 2) as (first, second),
    ):
        for number in range(8):
            second("GET", f"/v1/p/qabots/page/{number}")
        for number in range(8, 14):
            first("GET", f"/v1/p/qabots/page/{number}")

        journal = second.ok("GET", "/_mockcbs/journal")
        paths = [entry["request"]["path"] for entry in journal["entries"]]
        assert paths == [f"/v1/p/qabots/page/{number}" for number in reversed(range(4, 14))]
        assert first.ok("DELETE", "/_mockcbs/journal")["forgotten"] >= 10


def test_figures_are_of_all(workers, shared):
    """Prometheus sees the calls of every worker, whichever it asks."""

    def counted(url: str) -> int:
        text = requests.get(f"{url}/_mockcbs/metrics", headers={"Connection": "close"}, timeout=TIMEOUT).text
        rows = [line for line in text.splitlines() if line.startswith("mockcbs_requests_total{")]
        return int(float(next(row for row in rows if "cbs.session_stats" in row).rpartition(" ")[2]))

    workers[0].ok("GET", STATISTICS)
    before = counted(shared.url)

    for worker in workers:
        worker.ok("GET", STATISTICS)

    assert {counted(shared.url) for _ in range(6)} == {before + WORKERS}


def test_a_locked_key_is_locked_everywhere(workers):
    """Failures of a signature are counted over all workers."""
    bad = "SDK-HMAC-SHA256 Access=MOCKCBSAK, SignedHeaders=x-sdk-date, Signature=" + "0" * 64
    headers = {"Authorization": bad, "X-Sdk-Date": "20261122T000000Z", "X-Auth-Token": ""}

    messages = [workers[n % WORKERS]("GET", STATISTICS, **headers)[1]["error_msg"] for n in range(8)]

    said = [message.rpartition(": ")[2].partition(", canonicalRequest:")[0] for message in messages]
    assert said == [
        *["verify aksk signature fail"] * 6,
        *["AK access failed to reach the limit,forbidden."] * 2,
    ]


def _children(served: Served) -> list[int]:
    return [child.pid for child in psutil.Process(served.process.pid).children()]


def test_a_worker_that_is_killed_is_replaced(serving):
    """Another one takes its place with all state, and the log records this."""
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


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all(serving, way):
    """Ctrl-C or SIGTERM ends every worker, with status 0, and nothing is left behind."""
    with serving("--dataset", "empty", "--workers", "3") as served:
        children = _children(served)
        stop(served.process, lambda: served.process.send_signal(way))

        assert len(children) == 3
        assert not any(psutil.pid_exists(pid) for pid in children)
    assert served.errors == ""
    assert served.lines[-1] == "mockcbs stopped."


def test_ctrl_c_at_a_terminal(serving):
    """A terminal tells every process of a group; that is no other than telling the parent."""
    command = [
        sys.executable,
        "-m",
        "mockcbs",
        "serve",
        "--port",
        "0",
        "--workers",
        "2",
        "--dataset",
        "empty",
    ]
    with subprocess.Popen(
        command,
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


def test_no_orphans(serving):
    """When the parent is killed, the workers end by themselves."""
    command = [
        sys.executable,
        "-m",
        "mockcbs",
        "serve",
        "--port",
        "0",
        "--workers",
        "3",
        "--dataset",
        "empty",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8", env=environment()) as process:
        try:
            while "Ctrl-C" not in process.stdout.readline():
                assert process.poll() is None
            children = psutil.Process(process.pid).children()
        finally:
            process.kill()

        gone, alive = psutil.wait_procs(children, TIMEOUT)
        assert (len(gone), alive) == (3, [])


def test_tls(serving):
    """Workers speak TLS with one certificate."""
    with serving("--dataset", "empty", "--workers", "2", "--tls") as served:
        headers, trusted = {**TOKEN, "Connection": "close"}, served.ca_file

        calls = (
            requests.get(f"{served.url}{STATISTICS}", headers=headers, verify=trusted, timeout=TIMEOUT)
            for _ in range(6)
        )
        assert [call.status_code for call in calls] == [200] * 6


def test_quiet(serving):
    """With --quiet the URL is printed once, and nothing else."""
    with serving("--dataset", "empty", "--workers", "2", "--quiet") as served:
        answer = requests.get(f"{served.url}{STATISTICS}", headers=TOKEN, timeout=TIMEOUT)

    assert answer.status_code == 200
    assert served.lines == [served.url]
    assert served.errors == ""


def test_replayed_answers_come_in_order_whoever_gives_them(serving, tmp_path):
    """Of equal requests the answers follow each other over all workers."""
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


@pytest.mark.parametrize("workers", ["1", "2"])
def test_state_in_a_file_outlives_the_server(serving, tmp_path, workers):
    """What clients said and made is there after a restart; clock and scenarios begin anew."""
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


def url_of(connection: Connection) -> str:
    """The base URL behind a connection."""
    return f"http://127.0.0.1:{connection.client.port}"
