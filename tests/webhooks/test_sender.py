"""Attempts: signed, repeated by the schedule, and the check of a URL."""

import threading
import time
from email.utils import formatdate

import pytest
import requests
from standardwebhooks import Webhook
from werkzeug import Response

from mockcbs import Mock
from mockcbs.core.clock import real_now
from mockcbs.core.errors import BackendError, UserError
from mockcbs.webhooks import sender
from mockcbs.webhooks import service as webhooks
from mockcbs.webhooks.deliveries import CLAIM_SECONDS, Deliveries
from mockcbs.webhooks.signatures import CozeSigner, SignatureError
from tests.webhooks.calls import BASE, NOW, chat


def test_signatures_are_right_and_real_time(mock, receiver):
    """Each attempt is signed anew with the machine's time, not with the mock's."""
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


def test_an_endpoint_that_is_gone_gets_nothing_more(mock, receiver):
    """Not even what waited when it answered 410; the subscription is shown as switched off until a reset."""
    mock.webhooks.subscribe(receiver.url, profile="standard")
    receiver.answer(500, 410)
    chat()
    mock.state.jobs.run()
    mock.state.jobs.run()
    mock.clock.advance(minutes=10)
    mock.state.jobs.run()

    (subscription,) = mock.app.test_client().get("/_mockcbs/webhooks").json["webhooks"]
    assert [one.status for one in receiver.received] == [500, 410]
    assert subscription["active"] is False
    assert {one.state for one in mock.webhooks.deliveries} == {"failed"}


def test_a_flag_that_is_gone_is_on_again_after_a_reset(receiver):
    """A reset restores the state after the start."""
    with Mock(now=NOW, webhook=(receiver.url,), webhook_profile="standard") as mock:
        receiver.answer(410)
        chat()
        mock.state.jobs.run()
        client = mock.app.test_client()
        before = client.get("/_mockcbs/webhooks").json["webhooks"][0]["active"]
        mock.reset()
        after = client.get("/_mockcbs/webhooks").json["webhooks"][0]["active"]
        mock.state.close()

    assert (before, after) == (False, True)


@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_respected(mock, httpserver, as_date):
    """A number of seconds or an HTTP date delays the next attempt (profile standard)."""
    value = formatdate(real_now() / 1000 + 120, usegmt=True) if as_date else "120"
    httpserver.expect_request("/hook").respond_with_data(status=503, headers={"Retry-After": value})
    mock.webhooks.subscribe(httpserver.url_for("/hook"), profile="standard", events=["session.started"])
    chat()

    counts = []
    for seconds in (0, 100, 25):
        mock.clock.advance(seconds=seconds)
        mock.state.jobs.run()
        counts.append(sum(b'"user_id":"u1"' in request.data for request, _ in httpserver.log))

    assert counts == [1, 1, 2]


def test_retries_follow_the_schedule(mock, receiver):
    """The same body is sent again after 10 s, 60 s and 5 min of mockcbs's clock; then the delivery fails."""
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


def test_bot_published_has_more_time(mock, httpserver, monkeypatch):
    """An endpoint has 3 s for an event, and 10 s for `bot.published`, as the vendor documents."""
    assert (sender.TIMEOUT, sender.TIMEOUTS) == (3, {"bot.published": 10})
    monkeypatch.setattr(sender, "TIMEOUT", 0.2)
    httpserver.expect_request("/hook").respond_with_handler(lambda _: time.sleep(0.6) or Response("ok"))
    mock.webhooks.subscribe(
        httpserver.url_for("/hook"), events=["bot.published", "session.started"], challenge=False, retries=[]
    )
    chat()
    token = {"Authorization": "Bearer pat_mockcbs"}
    made = requests.post(f"{BASE}/v1/bot/create", json={"space_id": "1", "name": "b"}, headers=token).json()
    body = {"bot_id": made["data"]["bot_id"], "connector_ids": ["1024"]}
    requests.post(f"{BASE}/v1/bot/publish", json=body, headers=token)

    mock.webhooks.wait(1)

    states = {one.event_type: (one.state, one.attempts[0].reason) for one in mock.webhooks.deliveries}
    assert states == {
        "bot.published": ("delivered", ""),
        "session.started": ("failed", "no answer within 0.2 s"),
    }


def test_a_url_that_fails_the_challenge(mock):
    """A URL that fails the challenge is refused with its response; without the challenge it is accepted."""
    from tests.databases import free_port

    url = f"http://127.0.0.1:{free_port()}/"

    with pytest.raises(UserError, match="does not pass the check"):
        mock.webhooks.subscribe(url)
    assert mock.webhooks.subscribe(url, challenge=False)


def test_more_endpoints_than_threads_all_have_their_turn(mock, receiver, monkeypatch):
    """Each gets its events, although only two are sent to at the same time."""
    monkeypatch.setattr(sender, "MAX_TURNS", 2)
    for number in range(7):
        url = f"{receiver.url}?number={number}"
        mock.webhooks.subscribe(url, events=["session.started"], challenge=False)
    chat()

    mock.webhooks.wait(7)

    assert {one.state for one in mock.webhooks.deliveries} == {"delivered"}
    assert len({one.url for one in mock.webhooks.deliveries}) == 7


def test_a_closed_sender_waits_for_no_endpoint(mock, httpserver):
    """When a mock ends, running attempts are broken off; they stay pending and are repeated later."""
    begun, over = threading.Event(), threading.Event()
    httpserver.expect_request("/hook").respond_with_handler(
        lambda _: begun.set() or (over.wait(30) and Response())
    )
    mock.webhooks.subscribe(httpserver.url_for("/hook"), events=["session.started"], challenge=False)
    chat()
    chat()
    worker = threading.Thread(target=mock.state.jobs.run)
    worker.start()
    assert begun.wait(30)

    webhooks.of(mock.app).sender.close()

    worker.join(30)
    assert not worker.is_alive()
    over.set()
    deliveries = mock.webhooks.deliveries
    states = [(one.state, one.attempts) for one in deliveries if '"user_id":"u1"' in one.body]
    assert states == [("pending", ())] * 2
    assert len(claimed(mock)) == len(deliveries) - 1


def claimed(mock) -> list:
    """The entries that another worker can claim."""
    deliveries, (subscription,) = webhooks.of(mock.app).deliveries, webhooks.of(mock.app).subscriptions.all()
    queues = deliveries.queues_of(subscription.id)
    return [entry for queue in queues for entry in deliveries.claim(queue, mock.clock.now, 100)]


def test_an_outage_leaves_no_delivery_claimed(mock, receiver, monkeypatch):
    """If the backend fails during an attempt, the others of its claim go on when it is back."""
    mock.webhooks.subscribe(receiver.url, events=["session.started"])
    find, calls = Deliveries.find, []

    def failing(*arguments):
        calls.append(arguments)
        if len(calls) == 1:
            raise BackendError("away")
        return find(*arguments)

    monkeypatch.setattr(Deliveries, "find", failing)
    for _ in range(3):
        chat()

    with pytest.raises(BackendError):
        mock.state.jobs.run()
    mock.state.jobs.run()

    assert len(receiver.received) == 2


def test_a_slow_endpoint_has_its_turn_before_its_claim_ends(mock, httpserver, monkeypatch):
    """A turn begins no attempt after its time; the rest of its claim is next, in order."""
    assert sender._TURN + max(sender.TIMEOUT, *sender.TIMEOUTS.values()) < CLAIM_SECONDS
    monkeypatch.setattr(sender, "_TURN", 0.1)
    asked = []

    def respond(request):
        asked.append(request.get_json())
        time.sleep(0.2)
        return Response()

    httpserver.expect_request("/slow").respond_with_handler(respond)
    mock.webhooks.subscribe(httpserver.url_for("/slow"), events=["session.started"], challenge=False)
    begun, start = [], sender._Turn.start
    monkeypatch.setattr(sender._Turn, "start", lambda turn: begun.append(turn) or start(turn))
    sessions = [chat()["conversation_id"] for _ in range(3)]

    mock.webhooks.wait(3)

    assert len(begun) >= 3
    assert [event["session_id"] for event in asked if event["user_id"] == "u1"] == sessions
