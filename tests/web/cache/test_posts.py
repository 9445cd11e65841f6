"""Bodies that a known caller posts: the cache calls the view, and the application does the rest."""

import json

import pytest
from flask import Flask, request

from mockcbs.core.errors import ApiError, BackendError
from mockcbs.core.waiting import StartOver, on_loop
from mockcbs.services.feishu import errors, rates, records
from mockcbs.testing.controls import Controls
from mockcbs.testing.exchange import _environ, exchange
from mockcbs.web.context import KEY, Context
from tests.web.cache.posts import POSTS, journal, post
from tests.web.cache.reads import NOW

CHAT, COZE_CHAT = (next(url for url in POSTS if url.endswith(tail)) for tail in ("/chat", "/v3/chat"))
STREAM = next(url for url in POSTS if url.endswith("conversation_id="))
CREATE, BATCH, SEARCH = (
    next(url for url in POSTS if tail in url) for tail in ("/records", "/batch_create", "/search")
)
TABLE = """
bots: []
feishu: {tables: [{base: bascnPosts, table: tblPosts, fields: [{name: workflow_id}]}]}
"""
COZE = POSTS[STREAM][0]
TOKENS = "https://open.feishu.cn/open-apis/auth/v3/tenant_access_token/internal"


@pytest.fixture
def controls():
    return Controls(now=NOW)


@pytest.fixture
def dispatched(monkeypatch):
    """The paths that Flask was asked for."""
    paths, dispatch = [], Flask.full_dispatch_request

    def listening(*given):
        paths.append(request.path)
        return dispatch(*given)

    monkeypatch.setattr(Flask, "full_dispatch_request", listening)
    return paths


def _introduce(controls, url):
    """Let the caller be known."""
    for _ in range(2):
        post(controls, url, POSTS[url][1][0])


def _issued(controls):
    """An access token that was issued here, for two hours."""
    asked = b'{"app_id":"cli_mockcbs","app_secret":"mockcbs-app-secret"}'
    answer = exchange(controls.cache, "POST", TOKENS, [], asked)
    return f"Bearer {json.loads(answer.body)['tenant_access_token']}"


def _rows(controls):
    """The number of records in the table."""
    answer = json.loads(post(controls, SEARCH, {})[2])
    return answer["data"]["total"]


def _chats(controls):
    """The states of all chats."""
    scope = controls.journal[-1].scope
    return [chat["status"] for chat in controls.state.documents.select("coze.chat", scope)]


@pytest.mark.parametrize("url", [url for url in POSTS if "unknown" not in url])
def test_a_known_caller_is_not_checked_again(controls, dispatched, url):
    _introduce(controls, url)
    dispatched.clear()

    answers = [post(controls, url, body) for body in POSTS[url][1][:2] * 2]

    unusual = {COZE_CHAT: 1, STREAM: 1, CREATE: 2}.get(url, 0)  # first of another type, or a wrong number
    assert {status for status, *_ in answers} == {200}
    assert len(dispatched) == unusual


def test_what_the_view_raises_is_told_by_the_application(controls, monkeypatch):
    """An error comes after a record was made: the record is not made again."""
    _introduce(controls, CREATE)

    def fail(*_):
        raise ApiError(errors.row(1254043), "it is gone")

    monkeypatch.setattr(records, "shown", fail)
    _, _, body, _ = post(controls, CREATE, {"fields": {}})
    monkeypatch.undo()

    assert json.loads(body)["code"] == 1254043
    assert controls.journal[-1].code == "1254043"
    assert _rows(controls) == 3


def test_a_bug_is_told_by_the_application(controls, monkeypatch):
    """A bug in the view shows as a bug, and what the view did before it is done once."""
    monkeypatch.setitem(controls.app.config, "PROPAGATE_EXCEPTIONS", False)
    _introduce(controls, CREATE)
    monkeypatch.setattr(records, "shown", lambda *_: 1 // 0)

    status, _, body, _ = post(controls, CREATE, {"fields": {}})
    monkeypatch.undo()

    assert status == 500
    assert b"ZeroDivisionError" in body
    assert _rows(controls) == 3


def test_a_clock_that_is_lost_after_the_view_changes_nothing(controls, monkeypatch):
    """What the view did is answered, and journalled with the time of the request."""
    _introduce(controls, CREATE)

    def shown(*given):
        monkeypatch.setattr(controls.state.clocks, "of", lambda _: (_ for _ in ()).throw(BackendError("")))
        return show(*given)

    show = records.shown
    monkeypatch.setattr(records, "shown", shown)
    status, *_ = post(controls, CREATE, {"fields": {}})
    monkeypatch.undo()

    assert status == 200
    assert controls.journal[-1].at == controls.journal[0].at
    assert _rows(controls) == 3


def test_work_that_takes_long_leaves_the_event_loop(controls):
    """The request starts over in a thread, and nobody waits for its first beginning."""
    _introduce(controls, BATCH)
    for _ in range(4):
        post(controls, BATCH, {"records": [{"fields": {}}] * 150})
    _introduce(controls, SEARCH)

    with on_loop(), pytest.raises(StartOver):
        post(controls, SEARCH, {})

    assert controls.state.in_flight.wait(0)
    assert controls.journal[-1].operation == "feishu.search_records"
    assert len(controls.journal) == 8


def test_a_scenario_is_played_for_known_callers(controls, dispatched):
    """While one is played in the scope, the application answers every post."""
    _introduce(controls, CHAT)
    controls.scenario({"rules": [{"when": {"path": "*/chat"}, "answer": {"status": 418}}]})

    assert post(controls, CHAT, POSTS[CHAT][1][0])[0] == 418
    controls.scenario(None)
    assert post(controls, CHAT, POSTS[CHAT][1][0])[0] == 200
    assert len(dispatched) == 3


@pytest.mark.parametrize("url", POSTS)
def test_a_known_caller_gets_what_the_application_would_send(url):
    """Each body twice: headers and bodies are the same, and so are journal and metrics."""
    twins = [Controls(now=NOW, cache=cache) for cache in (True, False)]
    bodies = POSTS[url][1]

    answers = [[post(twin, url, body) for body in (bodies[0], *bodies * 2)] for twin in twins]

    assert answers[0] == answers[1]
    assert journal(twins[0]) == journal(twins[1])
    assert twins[0].state.tally.figures().calls == twins[1].state.tally.figures().calls


@pytest.mark.parametrize("place", [1, 2])
def test_an_error_with_status_200_introduces_nobody(place):
    """The reason of an error does not stand in later responses, nor in their journal entries."""
    twins = [Controls(now=NOW, cache=cache) for cache in (True, False)]
    bodies = POSTS[CREATE][1]

    answers = [[post(twin, CREATE, bodies[at]) for at in (place, place, 0, place, 0)] for twin in twins]

    assert answers[0] == answers[1]
    assert journal(twins[0]) == journal(twins[1])
    assert json.loads(answers[0][0][2])["code"]


@pytest.mark.parametrize("url", [CHAT, COZE_CHAT])
def test_a_scenario_may_change_the_time_of_a_request_id(url):
    """With a stale clock a post has the same id whether its caller is known or there is no cache."""
    answers = []
    for cache in (True, False):
        controls = Controls(now=NOW, cache=cache)
        _introduce(controls, url)
        controls.scenario("stale")
        answers.append(post(controls, url, POSTS[url][1][0]))

    assert answers[0] == answers[1]


def test_a_known_caller_is_checked_again_after_a_reset(controls, dispatched):
    _introduce(controls, CHAT)
    dispatched.clear()
    controls.reset()

    for _ in range(3):
        post(controls, CHAT, POSTS[CHAT][1][0])

    assert len(dispatched) == 1


def test_a_token_of_a_known_caller_expires(controls):
    token = _issued(controls)
    codes = []
    for seconds in (0, 0, 0, 7_200):
        controls.clock.advance(seconds=seconds)
        answer = post(controls, CREATE, {"fields": {}}, Authorization=token)
        codes.append(json.loads(answer[2])["code"])

    assert codes == [0, 0, 0, 99991663]


def test_calls_a_second_are_counted_for_known_callers(monkeypatch, tmp_path):
    """With --strict, each call is checked."""
    monkeypatch.setattr(rates.time, "time", lambda: 1_000_000.0)
    (tmp_path / "table.yaml").write_text(TABLE, "utf-8")
    controls = Controls(now=NOW, strict=True, dataset=str(tmp_path / "table.yaml"))
    token = _issued(controls)

    codes = [
        json.loads(post(controls, CREATE, {"fields": {}}, Authorization=token)[2])["code"] for _ in range(51)
    ]

    assert codes[-2:] == [0, 99991400]


def test_a_client_may_leave_a_stream():
    """The chat takes its steps while its events are read, and ends when the client leaves."""
    told = []
    for cache in (True, False):
        controls = Controls(now=NOW, cache=cache)
        for _ in range(3):
            post(controls, STREAM, POSTS[STREAM][1][0])
        sent = json.dumps(POSTS[STREAM][1][0]).encode()
        asked = _environ("POST", STREAM, [("Content-Type", "application/json"), *COZE.items()], sent)
        stream = controls.cache(asked | {KEY: Context()}, lambda *_: None)
        events = [next(iter(stream)) for _ in range(2)]
        before = _chats(controls)
        stream.close()
        told.append((events, before, _chats(controls)))

    assert told[0] == told[1]
    assert told[0][1][-1] == "in_progress"
    assert told[0][2][-1] == "completed"


def test_deliveries_are_noted():
    """The journal names the webhook deliveries and the turns that a post caused."""
    entries = []
    for cache in (True, False):
        controls = Controls(now=NOW, cache=cache)
        controls.webhooks.subscribe("http://127.0.0.1:9/", challenge=False)
        for _ in range(4):
            post(controls, COZE_CHAT, POSTS[COZE_CHAT][1][0])
        entries.append([(len(entry.deliveries), entry.records) for entry in controls.journal])

    assert entries[0] == entries[1]
    assert all(deliveries and records for deliveries, records in entries[0])


def test_posts_that_nobody_repeats_are_not_remembered(controls):
    """A head that comes once costs a look-up only."""
    for number in range(5):
        post(controls, CHAT, POSTS[CHAT][1][0], **{"X-Number": str(number)})

    assert not controls.cache._posts._callers._values
