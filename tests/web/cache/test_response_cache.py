"""The response cache: what it keeps, and when it computes again."""

import json
import logging
import re
from datetime import UTC, datetime

import pytest
from werkzeug.datastructures import Headers

from mockcbs.journal.entry import MAX_BODY
from mockcbs.services.gateway.signature import SignedRequest, canonical_request, sign
from mockcbs.testing.controls import Controls
from mockcbs.testing.exchange import exchange
from mockcbs.web.cache import response_cache
from mockcbs.web.cache.response_cache import Miss, ResponseCache
from tests.conftest import BOT, PROJECT
from tests.web.cache.reads import (
    CBS,
    COZE,
    COZE_BOT,
    IAM,
    NOW,
    OTHER,
    READS,
    WEEK_AGO,
    ask,
    token,
)


def test_a_read_asked_twice_is_computed_no_more(controls, computed):
    """The third time and from then on it is remembered; the journal and the figures know of all."""
    for _ in range(5):
        ask(controls, READS[0], "any")

    assert len(computed) == 2
    assert [entry.status for entry in controls.journal] == [200] * 5
    assert len({entry.id for entry in controls.journal}) == 5
    assert sum(controls.state.tally.figures().calls.values()) == 5


def test_a_signature_is_good_for_its_own_query(controls):
    """A signature of a frequent call is refused with another query."""
    url, other = f"{READS[0]}&start_time={WEEK_AGO}", f"{READS[0]}&start_time={WEEK_AGO + 1}"
    stamp = datetime.fromtimestamp(NOW // 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
    headers = {"Host": "cbs-ext.cn-north-4.myhuaweicloud.com", "X-Sdk-Date": stamp}
    path, _, query = url.removeprefix("https://cbs-ext.cn-north-4.myhuaweicloud.com").partition("?")
    signed = SignedRequest("GET", path, query, Headers(headers), b"")
    signature = sign(canonical_request(signed, "host;x-sdk-date"), stamp, "mockcbs-secret-key")
    headers["Authorization"] = (
        f"SDK-HMAC-SHA256 Access=MOCKCBSAK, SignedHeaders=host;x-sdk-date, Signature={signature}"
    )

    statuses = [ask(controls, asked, "", **headers)[0] for asked in [*[url] * 4, other, url]]

    assert statuses == [200] * 4 + [401, 200]


def test_what_is_new_in_every_answer_is_new_in_a_repeated_one(controls):
    """The request id, and the end of a range that ends now; the journal has them as they were sent."""
    controls.clock.tick()
    sent = [("X-Auth-Token", "any")]

    answers = [exchange(controls.cache, "GET", READS[0], sent, b"") for _ in range(4)]
    controls.clock.advance(milliseconds=1)
    answers.append(exchange(controls.cache, "GET", READS[0], sent, b""))

    ids = {dict(answer.headers)["X-Request-Id"] for answer in answers}
    ends = [int(re.search(rb'"endutc":(\d+)', answer.body)[1]) for answer in answers]
    assert len(ids) == 5
    assert ends == sorted(ends)
    assert ends[-1] > ends[0]
    assert [entry.raw_response for entry in controls.journal] == [answer.body for answer in answers]
    assert {dict(entry.response_headers)["X-Request-Id"] for entry in controls.journal} == ids


def test_a_stated_end_does_not_move(controls):
    """A range that ends at a stated time keeps that end, although the caller's first range ended at now."""
    urls = [READS[0], f"{READS[0]}&start_time=0", *[f"{READS[0]}&end_time={NOW}"] * 3]
    answers = [ask(controls, url, "any") for url in urls]

    controls.clock.advance(milliseconds=1)

    assert ask(controls, urls[-1], "any")[2] == answers[-1][2]


def test_a_token_ends(controls):
    """An answer given for a token is not given any more when the token has expired."""
    issued = token(controls)
    domains = f"{IAM}/auth/domains"
    statuses = [ask(controls, domains, issued)[0] for _ in range(3)]

    controls.clock.advance(hours=24)

    assert [*statuses, ask(controls, domains, issued)[0]] == [200, 200, 200, 401]


def test_a_week_ending_now_begins_elsewhere_tomorrow():
    """With the default start of a week, the range moves at local midnight even without requests."""
    controls = Controls(now=NOW, dataset="empty", default_start="week")
    starts = [start(ask(controls, READS[0], "any")) for _ in range(3)]

    controls.clock.freeze("2026-11-24T00:00:00+08:00")

    assert {start(ask(controls, READS[0], "any")) - earlier for earlier in starts} == {86_400_000}


def start(answer) -> int:
    """Where the range of an answer begins."""
    return int(re.search(rb'"startutc":(\d+)', answer[2])[1])


def test_a_running_chat_ends_by_itself():
    """Analytics count a chat as answered when its time is over, even if nobody retrieved it."""
    controls = Controls(now=NOW, dataset="empty")
    url = f"{COZE}/bots/{COZE_BOT}/analytics?start_date=2026-11-23&end_date=2026-11-23&user_id=u"
    body = b'{"bot_id":"%s","user_id":"u","additional_messages":[]}' % COZE_BOT.encode()
    sent = [("Authorization", "Bearer any"), ("Content-Type", "application/json")]
    exchange(controls.cache, "POST", "https://api.coze.cn/v3/chat", sent, body)
    running = [ask(controls, url, "any")[2] for _ in range(3)]

    controls.clock.advance(minutes=1)

    assert b'"total_messages":1' in running[-1]
    assert b'"total_messages":2' in ask(controls, url, "any")[2]


def test_an_id_that_becomes_a_bot(controls):
    """A response about any workflow id is not repeated after a bot gets that id."""
    bot_id = create_bot(controls)
    controls.reset()
    url = f"{COZE}/workflows/{bot_id}/analytics?start_date=2026-11-23&end_date=2026-11-23"
    statuses = [ask(controls, url, "any")[0] for _ in range(3)]

    assert create_bot(controls) == bot_id
    assert [*statuses, ask(controls, url, "any")[0]] == [200, 200, 200, 404]


def create_bot(controls) -> str:
    """The id of a new bot."""
    body = b'{"space_id":"7361424235321600001","name":"n"}'
    answer = exchange(controls.cache, "POST", f"{COZE}/bot/create", [("Authorization", "Bearer any")], body)
    return json.loads(answer.body)["data"]["bot_id"]


def test_a_fragment_is_no_query(controls):
    """Text after a # is not part of the query."""
    url = f"{CBS}/{PROJECT}/qabots/{BOT}/requests/session-stats#?interval="

    answers = [ask(controls, url + interval, "any") for interval in ["week", "month", "day"] * 3]

    assert len({(status, body) for status, _, body, _ in answers}) == 1


def test_the_journal_keeps_no_more_than_it_tells(controls):
    """Of a long response to an ever-new query, only the part that the journal shows is kept."""
    url = f"{CBS}/{PROJECT}/qabots/{BOT}/requests/reply-rates?start_time="

    answers = [ask(controls, f"{url}{number}", "any")[2] for number in range(4)]

    assert min(map(len, answers)) > MAX_BODY
    assert {len(held.answer()[1]) for held in list(controls.state.journal._ring.all())[2:]} == {MAX_BODY}


@pytest.mark.parametrize(
    "change",
    [
        lambda controls: controls.ask(BOT, "?", project=PROJECT),
        lambda controls: controls.clock.advance(hours=1),
        lambda controls: controls.clock.advance(milliseconds=-1),
        lambda controls: controls.reset(),
    ],
    ids=["a question", "the clock", "the clock backwards", "a reset"],
)
def test_a_change_makes_it_compute_again(controls, computed, change):
    """A cached response is dropped when it may be out of date."""
    for _ in range(3):
        ask(controls, READS[0], "any")
    change(controls)

    ask(controls, READS[0], "any")

    assert len(computed) == 3


def test_a_question_to_somebody_else_changes_nothing(controls, computed):
    """Traffic of another project drops no cached response."""
    for _ in range(3):
        ask(controls, READS[0], "any")
    controls.ask(BOT, "?", project=OTHER)

    ask(controls, READS[0], "any")

    assert len(computed) == 2


def test_repeated_errors_are_logged_each_time(controls, caplog):
    """The reason of a refusal is in the log as often as it was given."""
    with caplog.at_level(logging.INFO, "mockcbs"):
        for _ in range(4):
            ask(controls, f"{CBS}/{PROJECT}/qabots/{BOT}/requests/session-stats?interval=hour", "any")

    assert sum("interval 'hour' is not one of" in message for message in caplog.messages) == 4


def test_a_scenario_counts_calls_once(controls):
    """A call that would be answered from memory but meets a fault is one call to the scenario, not two."""
    for _ in range(3):
        ask(controls, READS[0], "any")
    controls.scenario({"rules": [{"when": {"first": 2}, "answer": {"error": "CBS.0031"}}]})

    statuses = [ask(controls, READS[0], "any")[0] for _ in range(4)]

    assert statuses == [500, 500, 200, 200]


def test_it_can_be_switched_off():
    """Without the cache, every response is computed."""
    controls = Controls(now=NOW, cache=False)

    for _ in range(4):
        ask(controls, READS[0], "any")

    exact = READS[0], (("X-Auth-Token", "any"),), b""
    assert isinstance(controls.cache.lookup(exact, lambda _: ((), "")), Miss)


def test_what_is_kept_is_bounded(computed, monkeypatch):
    """The response that was kept first is dropped first."""
    monkeypatch.setattr(response_cache, "_MAX_KEPT", 2)
    controls = Controls(now=NOW)
    for url in READS[:3] * 3:
        ask(controls, url, "any")
    computed.clear()

    counts = [(ask(controls, url, "any"), len(computed))[1] for url in (READS[2], READS[1], READS[0])]

    assert counts == [0, 0, 1]


def test_timings_are_never_repeated(controls, computed):
    """A request for the gateway's timings gets the timings of that call."""
    for _ in range(4):
        ask(controls, READS[0], "any", **{"X-Apig-Mode": "debug"})

    assert len(computed) == 4


def test_a_call_without_a_key_passes(controls):
    """As an ordinary WSGI application, mockcbs caches nothing."""
    client = ResponseCache(controls.app)

    from werkzeug.test import Client

    statuses = [Client(client).get(READS[0], headers={"X-Auth-Token": "any"}).status_code for _ in range(3)]

    assert statuses == [200] * 3
