"""``mockcbs serve --workers N``: several processes, one mock."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.clients.crew import TIMEOUT, Connection, everyone
from tests.clients.workers.calls import BOT, PROJECT, STATISTICS, WORKERS, rounds


def test_a_question_counts_everywhere_at_once(workers):
    """A question to one worker is in the statistics of every other, and its session continues there."""
    session = workers[0].ok("POST", f"{BOT}/chat", {"question": "一"})["session_id"]

    for number, worker in enumerate(workers[1:], 2):
        assert rounds(worker) == number - 1
        answer = worker.ok("POST", f"{BOT}/chat", {"question": "二", "session_id": session})
        assert answer["session_id"] == session
        assert [rounds(other) for other in workers] == [number] * WORKERS


def test_another_dataset_and_seed_hold_everywhere_at_once(workers):
    """Every worker shows a dataset or seed that one worker was given; a reset restores the first
    everywhere.
    """
    own = {"bots": [{"id": BOT[-36:], "sessions": [{"turns": [{"at": "2026-11-22T00:00:00Z"}]}]}]}

    workers[0].ok("PUT", "/_mockcbs/dataset?name=own", {"dataset": own})
    assert [rounds(worker) for worker in workers] == [1] * WORKERS
    workers[1].ok("POST", f"{BOT}/chat", {"question": "一"})
    assert [rounds(worker) for worker in workers] == [2] * WORKERS
    workers[2].ok("PUT", "/_mockcbs/dataset", {"dataset": "quiet"})
    workers[3].ok("PUT", "/_mockcbs/seed", {"seed": 7})
    assert {worker.ok("GET", "/_mockcbs/health")["seed"] for worker in workers} == {7}
    assert len({json.dumps(worker.ok("GET", STATISTICS)) for worker in workers}) == 1
    workers[0].ok("POST", "/_mockcbs/reset")
    assert {worker.ok("GET", "/_mockcbs/health")["dataset"] for worker in workers} == {"empty"}
    assert [rounds(worker) for worker in workers] == [0] * WORKERS


def test_statistics_are_the_same_bytes_everywhere(workers):
    """Every worker counts sessions, users, words and pairs alike, whichever worker recorded them."""
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
    """If many calls arrive at once, exactly as many fail as the scenario states."""
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
    """All workers share the clock of the mock and of a project, whichever worker moves them."""
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
    """The journal of every worker has a call as soon as it is answered; pages contain the calls of all."""
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


@pytest.mark.slow
def test_the_journal_is_bounded_in_all(serving):
    """The journal keeps the configured number of calls, whichever worker served them."""
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


def url_of(connection: Connection) -> str:
    """The base URL behind a connection."""
    return f"http://127.0.0.1:{connection.client.port}"
