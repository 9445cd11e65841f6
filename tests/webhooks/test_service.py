"""Webhooks end to end: from a call, or the clock, to an endpoint on a real socket."""

import json

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook

from mockcbs import Mock
from mockcbs.core.clock import real_now
from mockcbs.core.errors import UserError
from mockcbs.faults.scenario_file import parse
from mockcbs.services import registry
from mockcbs.testing.webhooks import ReceiverServer
from mockcbs.webhooks.reports import report
from mockcbs.webhooks.signatures import CozeSigner, SignatureError

BOT = "7342866812345678901"
WORKFLOW = "7389589103588700001"
NOW = "2026-11-24T02:00:00Z"
BASE = "https://api.coze.cn"
TOKEN = {"Authorization": "Bearer pat_mockcbs"}
DAY = 86_400_000


@pytest.fixture
def receiver():
    with ReceiverServer() as receiver:
        yield receiver


@pytest.fixture
def mock():
    with Mock(now=NOW, dataset="everyday") as mock:
        yield mock
        mock.state.close()


def chat(token: str = "pat_mockcbs", text: str = "桌面云打不开") -> dict:
    body = {
        "bot_id": BOT,
        "user_id": "u1",
        "stream": False,
        "additional_messages": [{"role": "user", "content": text, "content_type": "text"}],
    }
    headers = {"Authorization": f"Bearer {token}"}
    return requests.post(f"{BASE}/v3/chat", json=body, headers=headers).json()["data"]


def retrieve(begun: dict) -> str:
    ids = {"conversation_id": begun["conversation_id"], "chat_id": begun["id"]}
    found = requests.get(f"{BASE}/v3/chat/retrieve", params=ids, headers=TOKEN).json()
    return found["data"]["status"]


def types(events) -> list[tuple[str, str]]:
    return [(event["event_type"], event.get("role", "")) for event in events]


def test_a_chat(mock, receiver):
    """Its start goes out at once; its end when a client has seen it, although the clock stands still."""
    mock.webhooks.subscribe(receiver.url)

    begun = chat()
    mock.webhooks.wait(2)
    at_first = types(receiver.events)
    retrieve(begun)
    mock.webhooks.wait(4)

    assert at_first == [("session.started", ""), ("message.sent", "user")]
    assert types(receiver.events)[2:] == [("message.sent", "assistant"), ("execution.completed", "")]
    assert {event["chat_id"] for event in receiver.events} == {begun["id"]}
    assert all(event["message_id"] for event in receiver.events if event["event_type"] == "message.sent")


def test_the_clock_ends_a_chat(mock, receiver):
    """A chat nobody looks at ends on mockcbs's clock."""
    mock.webhooks.subscribe(receiver.url)
    chat()
    mock.webhooks.wait(2)

    mock.clock.advance(minutes=1)
    mock.webhooks.wait(4)

    assert types(receiver.events)[-1] == ("execution.completed", "")


def test_bodies_equal_the_raw_logs(mock, receiver):
    """What is delivered is what the raw logs list, member for member."""
    mock.webhooks.subscribe(receiver.url, bots=[BOT])
    retrieve(chat())
    mock.clock.advance(hours=3)
    mock.webhooks.wait(40)
    day = {"start_date": "2026-11-24", "end_date": "2026-11-24", "page_size": 100, "page_num": 1}
    items = {}
    while True:
        page = requests.get(f"{BASE}/v1/bots/{BOT}/analytics/logs", params=day, headers=TOKEN).json()["data"]
        items |= {item["event_id"]: item for item in page["items"]}
        day["page_num"] += 1
        if not page["has_more"]:
            break

    assert len(receiver.events) >= 40
    assert all(items[event["event_id"]] == event for event in receiver.events)


def test_signatures_are_right_and_real_time(mock, receiver):
    """Each attempt is signed anew with the machine's time, whatever mockcbs's clock shows."""
    mock.webhooks.subscribe(receiver.url, secret="s3cret")
    receiver.answer(500)
    chat()
    mock.webhooks.wait(1)
    mock.clock.advance(seconds=11)
    mock.webhooks.wait(3)

    signer = CozeSigner("s3cret")
    for one in receiver.received:
        headers = {name.replace("x-coze", "X-Coze").title(): value for name, value in one.headers.items()}
        signer.check(headers, one.body, real_now())
        with pytest.raises(SignatureError):
            CozeSigner("other").check(headers, one.body, real_now())
    assert len({one.headers["x-coze-nonce"] for one in receiver.received}) == len(receiver.received)


def test_the_standard_profile(mock, receiver):
    """The reference package verifies deliveries of profile standard; 410 switches them off."""
    secret = "whsec_bW9ja2Nicy1zZWNyZXQtb2YtMjQtYnl0ZXM="
    mock.webhooks.subscribe(receiver.url, secret=secret, profile="standard")
    receiver.answer(200, 410)
    chat()
    mock.webhooks.wait(1)
    mock.state.jobs.run()

    for one in receiver.received:
        Webhook(secret).verify(one.body.decode(), one.headers)
    chat()
    mock.state.jobs.run()
    assert len(receiver.received) == 2


def test_retries_follow_the_schedule(mock, receiver):
    """After 10 s, 60 s and 5 min of mockcbs's clock the same body is sent again; then it is given up."""
    mock.webhooks.subscribe(receiver.url, events=["session.started"])
    receiver.answer(always=500)
    chat()
    counts = []

    for seconds in (0, 9, 2, 59, 2, 299, 2, 100_000):
        mock.clock.advance(seconds=seconds)
        mock.state.jobs.run()
        mock.state.jobs.run()
        own = [one for one in receiver.received if b'"user_id":"u1"' in one.body]
        counts.append(len(own))

    (delivery,) = [one for one in mock.webhooks.deliveries if '"user_id":"u1"' in one.body]
    assert counts == [1, 1, 2, 2, 3, 3, 4, 4]
    assert len({one.body for one in own}) == 1
    assert (delivery.state, [one.status for one in delivery.attempts]) == ("failed", [500] * 4)


def test_scopes_do_not_see_each_other(mock, receiver):
    """A subscription of one token gets that token's events and no other's."""
    with ReceiverServer() as other:
        one, two = (registry.scope_of_token(f"pat_{name}", mock.settings.secret) for name in "ab")
        mock.webhooks.subscribe(receiver.url, scope=one)
        mock.webhooks.subscribe(other.url, scope=two)

        chat("pat_a")
        mock.webhooks.wait(2)
        chat("pat_b", "怎么申请桌面云")
        mock.webhooks.wait(4)

        assert len(receiver.events) == len(other.events) == 2
        assert not {event["event_id"] for event in receiver.events} & {
            event["event_id"] for event in other.events
        }


def test_reset_ends_what_clients_made(mock, receiver):
    """A reset deletes subscriptions and deliveries that wait."""
    mock.webhooks.subscribe(receiver.url)
    chat()

    mock.reset()
    mock.state.jobs.run()

    assert mock.webhooks.deliveries == []
    assert receiver.received == []


def test_a_url_that_fails_the_challenge(mock):
    """It is refused with what came back; without the challenge it is taken."""
    from tests.databases import free_port

    url = f"http://127.0.0.1:{free_port()}/"

    with pytest.raises(UserError, match="does not pass the check"):
        mock.webhooks.subscribe(url)
    assert mock.webhooks.subscribe(url, challenge=False)


def test_the_past(mock, receiver):
    """The events of a stretch of the past are delivered on request, once."""
    mock.webhooks.subscribe(receiver.url)
    past = {"bot_id": WORKFLOW, "from": "2026-11-20", "to": "2026-11-21"}
    client = mock.app.test_client()

    count = client.post("/_mockcbs/webhooks/send", json=past).json["events"]
    mock.webhooks.wait(count)

    assert count > 100
    assert {event["event_type"] for event in receiver.events} >= {"session.started", "execution.completed"}
    assert all("workflow_id" in event and "execute_id" in event for event in receiver.events)


def test_control(mock, receiver):
    """Subscribe, look, deliver again and unsubscribe over HTTP."""
    client = mock.app.test_client()

    made = client.post("/_mockcbs/webhooks", json={"url": receiver.url, "events": ["message.sent"]})
    chat()
    mock.webhooks.wait(1)
    page = client.get("/_mockcbs/webhooks/deliveries?event_type=message.sent").json
    (delivery,) = page["deliveries"]
    again = client.post(f"/_mockcbs/webhooks/deliveries/{delivery['id']}/redeliver")
    mock.state.jobs.run()
    gone = client.delete(f"/_mockcbs/webhooks/{made.json['id']}")

    assert made.status_code == 201
    assert made.json["secret"] == "****"
    assert (again.status_code, gone.status_code) == (202, 204)
    assert delivery["attempts"][0]["status"] == 200
    assert [one.body for one in receiver.received] == [delivery["body"].encode()] * 2
    assert client.get("/_mockcbs/webhooks").json == {"webhooks": []}
    assert client.delete("/_mockcbs/webhooks/nothing").status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"url": "ftp://x"}, "is not an http or https URL"),
        ({"profile": "stripe"}, "coze, standard"),
        ({"events": ["chat.started"]}, "session.started"),
        ({"retries": [-1]}, "retries"),
        ({"secrets": ["x"]}, "accepted here: url, secret"),
    ],
)
def test_subscriptions_that_are_refused(mock, change, words):
    """The problem names what is wrong and what is accepted."""
    body = {"url": "http://127.0.0.1:1/", "challenge": False, **change}

    refused = mock.app.test_client().post("/_mockcbs/webhooks", json=body)

    assert refused.status_code == 400
    assert words in refused.json["detail"]


TROUBLES = [
    "webhook-duplicate",
    "webhook-reordered",
    "webhook-late",
    "webhook-replayed",
    "webhook-bad-signature",
    "webhook-reserialised",
    "webhook-rotated-secret",
    "webhook-burst",
]


@pytest.mark.parametrize("scenario", TROUBLES)
def test_law_3_through_trouble(mock, scenario, tmp_path):
    """Whatever happens to deliveries, our receiver's figures are the API's."""
    from tests.webhooks.test_receiver import running

    with running(tmp_path) as receiver:
        mock.webhooks.subscribe(receiver.url, bots=[BOT])
        mock.scenario(scenario)
        mock.clock.advance(hours=4)
        delivered = run_dry(mock)

        (row,) = receiver.table.rows(report("sqlite"))
        assert delivered > 20
        assert_equal(mock, row, "2026-11-24", NOW_MS)


def test_extra_copies_are_in_the_log(mock, receiver):
    """The log of deliveries holds what came back to each copy that a scenario sends."""
    mock.webhooks.subscribe(receiver.url, bots=[BOT])
    mock.scenario("webhook-duplicate")
    mock.clock.advance(hours=3)
    run_dry(mock)

    delivered = mock.webhooks.deliveries
    twice = [one for one in delivered if len(one.attempts) == 2]
    assert len(twice) == len(delivered) // 3
    assert sum(len(one.attempts) for one in delivered) == len(receiver.received)
    assert {a.reason for one in twice for a in one.attempts} == {"scenario webhook-duplicate: duplicate"}


def test_a_lost_event(mock, receiver):
    """Scenario webhook-lost never sends every fifth event, and the log of deliveries shows it."""
    mock.webhooks.subscribe(receiver.url, bots=[BOT])
    mock.scenario("webhook-lost")
    mock.clock.advance(hours=3)
    run_dry(mock)

    lost = [one for one in mock.webhooks.deliveries if one.state == "dropped"]
    assert 0 < len(lost) < len(receiver.events)
    assert all(one.attempts[-1].reason == "scenario webhook-lost: lost" for one in lost)
    assert not {one.event_id for one in lost} & {event["event_id"] for event in receiver.events}


NOW_MS = 1_795_485_600_000


def run_dry(mock) -> int:
    """Deliver, and move the clock on for what is late, until nothing waits."""
    for _ in range(200):
        mock.state.jobs.run()
        waiting = [one for one in mock.webhooks.deliveries if one.state == "pending"]
        if not waiting:
            break
        mock.clock.advance(minutes=6)
        mock.state.jobs.run()
    return sum(one.state == "delivered" for one in mock.webhooks.deliveries)


def assert_equal(mock, row, start: str, since: int) -> None:
    """The stored figures equal those of the turns after *since*, as the API counts them."""
    from mockcbs.services.coze import analytics

    log = mock.state.log.bot(BOT, mock.clock.now)
    picked = log.view.turns
    rows = (picked.at > since) & (picked.at <= mock.clock.now)
    turns = picked.take(rows.nonzero()[0])
    asked = analytics.Question(BOT, 0, 1, mock.clock.now)
    figures = next(analytics._figures(log, turns, turns.at * 0, 1, asked))
    assert {name: float(row[name]) for name in figures} == {
        name: float(value) for name, value in figures.items()
    }


@settings(max_examples=5, deadline=None)
@given(
    st.lists(
        st.sampled_from(["桌面云打不开", "fail: 5000", "今天天气怎么样", "你好"]), min_size=1, max_size=6
    )
)
def test_recorded_turns_arrive_once(texts):
    """Any sequence of chats arrives with every event once, as the analytics call counts them."""
    with Mock(now=NOW, dataset="empty") as mock, ReceiverServer() as receiver:
        mock.webhooks.subscribe(receiver.url)
        for text in texts:
            retrieve(chat(text=text))
        run_dry(mock)
        params = {"start_date": "2026-11-24", "end_date": "2026-11-24"}
        summary = requests.get(f"{BASE}/v1/bots/{BOT}/analytics", params=params, headers=TOKEN).json()[
            "data"
        ]["summary"]
        events = receiver.events
        mock.state.close()

    assert len({event["chat_id"] for event in events}) == summary["total_calls"] == len(texts)
    assert sum(event["event_type"] == "message.sent" for event in events) == summary["total_messages"]
    assert len({event["session_id"] for event in events}) == summary["total_sessions"]


def test_scenarios_for_webhooks_are_about_webhooks():
    """A rule about deliveries cannot also be about requests."""
    from mockcbs.faults.scenario_file import ScenarioError

    with pytest.raises(ScenarioError, match="webhook is about deliveries"):
        parse({"rules": [{"webhook": "late", "wire": "reset"}]}, registry.vocabulary())
    assert json.dumps(parse("webhook-late", registry.vocabulary()).name) == '"webhook-late"'


def test_the_journal_and_the_metrics(mock, receiver):
    """A call leads to its deliveries and back; attempts are counted."""
    mock.webhooks.subscribe(receiver.url)
    chat()
    mock.webhooks.wait(2)
    client = mock.app.test_client()

    (entry,) = client.get("/_mockcbs/journal?operation=coze.create_chat").json["entries"]
    deliveries = client.get("/_mockcbs/webhooks/deliveries").json["deliveries"]
    metrics = client.get("/_mockcbs/metrics").text

    assert {delivery["id"] for delivery in deliveries} == set(entry["deliveries"])
    assert {delivery["cause"] for delivery in deliveries} == {entry["id"]}
    assert 'operation="webhook.deliver",service="webhook",status="200"} 2.0' in metrics


def test_a_dataset_states_subscriptions(receiver, tmp_path):
    """They last through a reset; a mistake is named with its line."""
    file = tmp_path / "mine.yaml"
    file.write_text(f"bots: []\nwebhooks:\n  - {{url: '{receiver.url}', events: [session.started]}}\n")
    with Mock(now=NOW, dataset=str(file)) as mock:
        mock.reset()
        chat()
        mock.webhooks.wait(1)
        mock.state.close()
    file.write_text("bots: []\nwebhooks:\n  - {url: ftp://x}\n")

    assert types(receiver.events) == [("session.started", "")]
    with pytest.raises(UserError, match=r"mine\.yaml:3: webhooks.*is not an http or https URL"):
        Mock(dataset=str(file))
