"""Threads that must not wait, and requests that start over so that others need not."""

import threading

import pytest
import requests
import yaml

from mockcbs import Mock, Settings, create_app
from mockcbs.core import waiting
from mockcbs.core.waiting import Lock, StartOver, WouldWaitError, no_waiting, on_loop
from mockcbs.services.feishu import records
from mockcbs.testing.live import LiveServer
from mockcbs.traffic import log
from mockcbs.traffic.log import TrafficLog
from tests.conftest import BOT, NOW, PROJECT

STATS = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats?interval=week"
TOKEN = {"X-Auth-Token": "t"}


def test_a_thread_that_must_not_wait_gets_an_error_in_place_of_a_lock():
    """While another thread holds it; once it is free, it can be taken."""
    lock, held, over = Lock(), threading.Event(), threading.Event()

    def hold() -> None:
        with lock:
            held.set()
            over.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    with no_waiting, pytest.raises(WouldWaitError), lock:
        pass
    over.set()
    thread.join()

    with no_waiting, lock, lock:
        assert waiting.must_not_wait()


def test_only_the_thread_in_the_context_must_not_wait():
    """`check` raises there, and nowhere else."""
    waiting.check()

    with no_waiting, pytest.raises(WouldWaitError):
        waiting.check()

    waiting.check()


@pytest.fixture
def every_bot_is_large(monkeypatch):
    """Building any bot's figures counts as slow."""
    monkeypatch.setattr(log, "_MANY", -1)


def get(server, target, **headers):
    return requests.get(server.url + target, headers=headers or TOKEN, timeout=20)


def test_others_are_served_meanwhile(every_bot_is_large, monkeypatch):
    """While a thread builds the figures of a bot, all other requests get a response."""
    begun, go_on, build = threading.Event(), threading.Event(), TrafficLog._build
    threads = []

    def building(*arguments):
        threads.append(threading.current_thread().name)
        begun.set()
        assert go_on.wait(20)
        return build(*arguments)

    monkeypatch.setattr(TrafficLog, "_build", building)
    with LiveServer(now=NOW) as server:
        asking = threading.Thread(target=get, args=(server, STATS))
        asking.start()
        assert begun.wait(20)
        assert get(server, "/_mockcbs/ready").status_code == 200
        go_on.set()
        asking.join()

    assert threads == [name for name in threads if name != "mockcbs"]
    assert len(threads) == 1


def test_the_response_is_the_same(every_bot_is_large):
    """Body and request id are those of a request that does not start over."""
    bots = [BOT, BOT[:-1] + "3", BOT[:-1] + "4"]
    mock = Mock(now=NOW)
    with LiveServer(now=NOW) as server:
        live = [get(server, STATS.replace(BOT, bot)) for bot in bots]
        inline = [mock.app.test_client().get(STATS.replace(BOT, bot), headers=TOKEN) for bot in bots]

    assert [one.text for one in live] == [one.text for one in inline]
    assert [one.headers["X-Request-Id"] for one in live] == [one.headers["X-Request-Id"] for one in inline]


def test_a_scenario_counts_it_once(every_bot_is_large):
    """A request that starts over draws no second fault, and the journal has it once."""
    rules = [{"when": {"nth": 2}, "answer": {"error": "CBS.0021"}}]
    with LiveServer(now=NOW, scenario={"rules": rules}) as server:
        statuses = [get(server, STATS).status_code for _ in range(3)]
        entries = len(server.journal)

    assert (statuses, entries) == ([200, 400, 200], 3)


def test_the_body_is_read_again():
    """A request that starts over has its whole body."""
    with LiveServer(now=NOW) as server:
        get(server, STATS)
        answers = [
            requests.post(
                f"{server.url}/_mockcbs/journal/verify",
                json={"pattern": {"operation": "cbs.session_stats"}, "count": count},
                timeout=20,
            )
            for count in (1, 2)
        ]

    assert [answer.status_code for answer in answers] == [200, 422]
    assert answers[0].json() == {"matched": 1}


def test_a_search_over_many_rows_starts_over(monkeypatch):
    """Tables with many rows are looked through in a thread; the response is that of any other server."""
    monkeypatch.setattr(waiting, "_MANY_ROWS", 2)
    target = "/open-apis/bitable/v1/apps/bascnAny/tables/tblAny/records"
    token = {"Authorization": "Bearer t-mockcbs"}
    names, run = [], records.pick

    def picking(*arguments):
        names.append(threading.current_thread().name)
        return run(*arguments)

    monkeypatch.setattr(records, "pick", picking)
    with LiveServer(now=NOW) as server:
        for number in range(4):
            made = {"fields": {"input_len": number}}
            assert requests.post(server.url + target, json=made, headers=token, timeout=20).ok
        found = requests.post(f"{server.url}{target}/search", json={}, headers=token, timeout=20).json()

    assert found["data"]["total"] == 4
    assert len(names) == 2
    assert names[0] == "mockcbs" != names[1]


DATA = "/_mockcbs/console/data"
LARGE, COZE_LARGE = "11111111-1111-4111-8111-111111111111", "7300000000000000001"
TRAFFIC = {"sessions_per_day": 14_500, "retention_days": 90}
SLOW = {
    "first statistics of a large bot": ("GET", STATS.replace(BOT, LARGE)),
    "its hot questions": ("GET", f"/v1/{PROJECT}/qabots/{LARGE}/qa-pairs/hots"),
    "Coze analytics of a large bot": (
        "GET",
        f"/v1/bots/{COZE_LARGE}/analytics/logs?start_date=2026-08-25&end_date=2026-11-22",
    ),
    "an export": ("GET", f"/_mockcbs/export?bot={LARGE}"),
    "an explanation": (
        "GET",
        f"/_mockcbs/explain?request={STATS.replace(BOT, LARGE)}&figure=total.user_count",
    ),
    "a dataset": ("PUT", "/_mockcbs/dataset"),
    "the journal": ("GET", "/_mockcbs/journal"),
    "a document": ("GET", "/_mockcbs/openapi.json"),
    "a subscription": ("POST", "/_mockcbs/webhooks"),
    "past deliveries": ("POST", "/_mockcbs/webhooks/send"),
    "the explorer's credentials": ("GET", "/_mockcbs/docs/setup"),
    "the console's overview": ("GET", f"{DATA}/overview"),
    "the console's figures": ("POST", f"{DATA}/figures"),
    "the console's calls": ("GET", f"{DATA}/calls"),
}
QUICK = {
    "readiness": ("GET", "/_mockcbs/ready"),
    "statistics": ("GET", STATS),
    "a question": ("POST", f"/v1/{PROJECT}/qabots/{BOT}/chat"),
    "a page of the console": ("GET", "/_mockcbs/console/analysis"),
}


@pytest.fixture(scope="module")
def mock_with_large_bots(tmp_path_factory):
    file = tmp_path_factory.mktemp("large") / "large.yaml"
    bots = [{"id": one, "traffic": TRAFFIC} for one in (LARGE, COZE_LARGE)]
    file.write_text(yaml.safe_dump({"bots": [*bots, {"id": "*", "traffic": {}}]}), "utf-8")
    app = create_app(Settings(dataset=str(file), now=NOW))
    app.rules()  # imports all views, which would also leave the loop
    app.test_client().get(STATS, headers=TOKEN)  # makes the words of the trade, as the first request does
    app.test_client().open(QUICK["a question"][1], method="POST", headers=TOKEN, json={"question": "你好"})
    return app


def sent_on_the_loop(app, method, target):
    headers = {**TOKEN, "Authorization": "Bearer pat_mockcbs"}
    with on_loop():
        return app.test_client().open(target, method=method, headers=headers, json={"question": "你好"})


@pytest.mark.parametrize("what", SLOW)
def test_slow_requests_leave_the_loop(mock_with_large_bots, what):
    """A request that may take over 20 ms starts over in a thread, so that no other client waits for it."""
    with pytest.raises(StartOver):
        sent_on_the_loop(mock_with_large_bots, *SLOW[what])


@pytest.mark.parametrize("what", QUICK)
def test_quick_requests_stay_on_the_loop(mock_with_large_bots, what):
    """Quick requests stay on the event loop, because a thread would cost more."""
    assert sent_on_the_loop(mock_with_large_bots, *QUICK[what]).status_code in {200, 201}
