"""From turns to deliveries: what clients cause, what the clock passes, and the past on request."""

from functools import partial

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs import Mock
from mockcbs.testing.webhooks import ReceiverServer
from mockcbs.webhooks import publisher
from tests.thoroughness import examples
from tests.webhooks.calls import BASE, BOT, NOW, chat, run_dry, types

WORKFLOW = "7389589103588700001"


TOKEN = {"Authorization": "Bearer pat_mockcbs"}


def retrieve(begun: dict) -> str:
    ids = {"conversation_id": begun["conversation_id"], "chat_id": begun["id"]}
    found = requests.get(f"{BASE}/v3/chat/retrieve", params=ids, headers=TOKEN).json()
    return found["data"]["status"]


def test_a_chat(mock, receiver):
    """The start of a chat is delivered at once; its end when a client has seen it, even on a frozen clock."""
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
    """A chat without a reader ends by mockcbs's clock."""
    mock.webhooks.subscribe(receiver.url)
    chat()
    mock.webhooks.wait(2)

    mock.clock.advance(minutes=1)
    mock.webhooks.wait(4)

    assert types(receiver.events)[-1] == ("execution.completed", "")


def test_lasting_subscriptions_get_events_from_the_start(receiver, tmp_path):
    """Also if the clock moves before anything else; an execution may take 0 ms."""
    file = tmp_path / "mine.yaml"
    file.write_text(f"""
webhooks: [{{url: "{receiver.url}", events: [execution.completed]}}]
bots:
  - id: "{BOT}"
    sessions:
      - turns: [{{at: "2026-11-24T02:01:00Z", question: a, user: u, latency_ms: 0}}]
""")
    with Mock(now=NOW, dataset=str(file)) as mock:
        mock.clock.advance(minutes=5)
        mock.webhooks.wait(1)
        mock.state.close()

    (event,) = receiver.events
    assert event["duration_ms"] == 0
    assert event["timestamp"] == event["trigger_time"]


def test_bodies_equal_the_raw_logs(mock, receiver):
    """A delivered body equals the event in the raw logs in every member."""
    mock.webhooks.subscribe(receiver.url, bots=[BOT])
    retrieve(chat())
    mock.clock.advance(hours=6)
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


def test_the_past(mock, receiver):
    """The events of a stretch of the past are delivered on request, once."""
    mock.webhooks.subscribe(receiver.url)
    past = {"bot_id": WORKFLOW, "from": "2026-11-20", "to": "2026-11-21"}
    client = mock.app.test_client()

    count = client.post("/_mockcbs/webhooks/send", json=past).json["events"]
    mock.webhooks.wait(count)

    assert count == len(receiver.events) > 50
    assert {event["event_type"] for event in receiver.events} >= {"session.started", "execution.completed"}
    assert all("workflow_id" in event and "execute_id" in event for event in receiver.events)


def test_days_of_the_past_are_those_of_the_analytics_call(mock, receiver):
    """A date without a time is the start of that day in Shanghai; a time without a zone is UTC."""
    mock.webhooks.subscribe(receiver.url, events=["session.started"])
    send = partial(mock.app.test_client().post, "/_mockcbs/webhooks/send")
    spans = [
        ("2026-11-20", "2026-11-21"),
        ("2026-11-19T16:00:00Z", "2026-11-20T16:00:00"),
        ("2026-11-20T00:00:00+08:00", "2026-11-21"),
    ]

    answers = [send(json={"bot_id": BOT, "from": begin, "to": end}).json["events"] for begin, end in spans]
    missing = send(json={"bot_id": BOT, "from": "2026-02-30", "to": "2026-03-01"})
    run_dry(mock)
    params = {"start_date": "2026-11-20", "end_date": "2026-11-20"}
    found = requests.get(f"{BASE}/v1/bots/{BOT}/analytics", params=params, headers=TOKEN).json()

    assert len(receiver.events) == found["data"]["summary"]["total_sessions"] > 0
    assert len(set(answers)) == 1
    assert missing.status_code == 400
    assert "'2026-02-30': there is no day 2026-02-30" in missing.text


def test_the_past_that_nobody_wants(mock):
    """Without a subscription no event is counted as sent, and the response says why."""
    past = {"bot_id": WORKFLOW, "from": "2026-11-20T02:00:00Z", "to": "2026-11-20T03:00:00Z"}

    sent = mock.app.test_client().post("/_mockcbs/webhooks/send", json=past).json

    assert sent == {"events": 0, "reason": f"no subscription wants events of {WORKFLOW}"}


@pytest.mark.parametrize(
    ("bot", "day", "reason"),
    [
        (BOT, "2026-01", "before the kept traffic of this bot"),
        (BOT, "2027-01", "nothing has happened yet"),
        ("303a0a00-c88a-43e3-aa2f-d5b8b9832b02", "2026-11", "has no event in this range"),
    ],
    ids=["before", "after", "CBS"],
)
def test_a_past_without_events(mock, receiver, bot, day, reason):
    """A range outside the kept traffic, and a bot without events, are named as the reason."""
    mock.webhooks.subscribe(receiver.url)
    past = {"bot_id": bot, "from": f"{day}-20", "to": f"{day}-21"}

    sent = mock.app.test_client().post("/_mockcbs/webhooks/send", json=past).json

    assert sent["events"] == 0
    assert reason in sent["reason"]


def test_the_past_again(mock, receiver):
    """A receiver that has lost its table gets the same events a second time."""
    mock.webhooks.subscribe(receiver.url, events=["session.started"])
    past = {"bot_id": WORKFLOW, "from": "2026-11-20T02:00:00Z", "to": "2026-11-20T03:00:00Z"}
    client = mock.app.test_client()

    counts = []
    for _ in range(2):
        client.post("/_mockcbs/webhooks/send", json=past)
        run_dry(mock)
        counts.append(len(receiver.received))

    assert counts[0] > 0
    assert counts[1] == 2 * counts[0] == 2 * len(receiver.events)


def test_events_of_many_days_come_in_order(mock, receiver, monkeypatch):
    """A clock that moves by days passes more turns than are handled at once; no event overtakes another."""
    monkeypatch.setattr(publisher, "_MAX_TURNS", 20)
    monkeypatch.setattr(publisher, "ENOUGH", 10)
    mock.webhooks.subscribe(receiver.url)
    mock.clock.advance(days=1)

    mock.webhooks.wait(300, timeout=30)

    times = [event["timestamp"] for event in receiver.events]
    assert times == sorted(times)
    assert sum(one.state == "pending" for one in mock.webhooks.deliveries) < 10 + 4 * 20


@settings(max_examples=examples(5), deadline=None)
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


def test_what_is_no_longer_kept_is_not_sent(mock, receiver):
    """A day before the kept traffic has no events, as the API has no figures for it."""
    mock.webhooks.subscribe(receiver.url)
    past = {"bot_id": BOT, "from": "2026-05-01", "to": "2026-05-02"}

    sent = mock.app.test_client().post("/_mockcbs/webhooks/send", json=past)

    assert sent.json["events"] == 0
