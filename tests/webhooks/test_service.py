"""The webhooks of one mock: the job, the log, and delivering again."""

import json
import threading

import pytest
from werkzeug import Request, Response
from werkzeug.serving import make_server

from mockcbs import Mock
from mockcbs.webhooks import sender
from mockcbs.webhooks.service import of
from tests.databases import free_port
from tests.servers import running
from tests.webhooks.calls import NOW, chat


def test_the_log_in_pages(mock, receiver):
    """The newest delivery comes first, and all pages together are all deliveries."""
    mock.webhooks.subscribe(receiver.url)
    for text in ("桌面云打不开", "怎么申请桌面云", "你好"):
        chat(text=text)
    mock.webhooks.wait(6)
    hooks = of(mock.app)

    pages, after, more = [], None, True
    while more:
        page, more = hooks.page(None, {}, after, 4)
        pages, after = [*pages, *page], page[-1].id

    assert len(pages) == len({one.id for one in pages}) == 6
    assert [one.number for one in pages] == sorted((one.number for one in pages), reverse=True)
    assert hooks.page(None, {"event_type": "session.started"}, None, 10)[0] == [
        one for one in pages if one.event_type == "session.started"
    ]


def test_a_delivery_is_sent_again_on_request(mock, receiver):
    """A redelivery has the same bytes; an unknown delivery is `None`."""
    mock.webhooks.subscribe(receiver.url, events=["session.started"])
    chat()
    mock.webhooks.wait(1)
    (delivery,) = mock.webhooks.deliveries
    hooks = of(mock.app)

    again = hooks.redeliver(delivery.id, None)
    hooks.wait(lambda: len(receiver.received) == 2, 10)

    assert again == delivery._replace(state="pending")
    assert len(receiver.received) == 2
    assert len({one.body for one in receiver.received}) == 1
    assert hooks.redeliver("nothing", None) is None


def test_a_deleted_subscription_gets_nothing_more(mock, receiver):
    """Its waiting deliveries are given up, and none of its deliveries can be sent again."""
    webhook = mock.webhooks.subscribe(receiver.url)
    receiver.answer(always=500)
    chat()
    mock.state.jobs.run()
    client = mock.app.test_client()

    deleted = client.delete(f"/_mockcbs/webhooks/{webhook}")
    mock.clock.advance(minutes=10)
    mock.state.jobs.run()
    deliveries = client.get("/_mockcbs/webhooks/deliveries").json["deliveries"]
    again = client.post(f"/_mockcbs/webhooks/deliveries/{deliveries[0]['id']}/redeliver")

    assert deleted.status_code == 204
    assert {one["state"] for one in deliveries} == {"failed"}
    assert {one["attempts"][-1]["reason"] for one in deliveries} == {"the subscription was deleted"}
    assert len(receiver.received) == len(deliveries)
    assert again.status_code == 409
    assert "was deleted" in again.json["detail"]


def test_a_new_subscription_gets_only_what_happens_from_now_on(mock, receiver):
    """Also if there was another one before, and the clock has moved while there was none."""
    first = mock.webhooks.subscribe(receiver.url)
    mock.app.test_client().delete(f"/_mockcbs/webhooks/{first}")
    mock.clock.advance(days=1)

    mock.webhooks.subscribe(receiver.url)
    mock.state.jobs.run()

    assert mock.webhooks.deliveries == []


def test_urls_are_checked_at_the_same_time(monkeypatch):
    """A URL that does not answer keeps no other one waiting."""
    monkeypatch.setattr(sender, "TIMEOUT", 60)
    together = threading.Barrier(2, timeout=30)

    @Request.application
    def respond(request):
        together.wait()
        return Response(json.dumps(request.json["event"]))

    with (
        running(make_server("127.0.0.1", 0, respond, threaded=True)) as url,
        Mock(now=NOW, webhook=(f"{url}/a", f"{url}/b")) as mock,
    ):
        mock.state.jobs.run()
        mock.state.close()

    assert not together.broken


def test_waiting_ends(mock):
    """Waiting for deliveries that never arrive ends."""
    assert of(mock.app).wait(lambda: False, 0.05) is False
    assert of(mock.app).wait(lambda: True, 0.05) is True


def test_urls_of_flags_are_checked_and_used_all_the_same(caplog):
    """The log names a URL that does not answer the challenge."""
    url = f"http://127.0.0.1:{free_port()}/hook"
    with Mock(now=NOW, webhook=(url,)) as mock:
        mock.state.jobs.run()
        mock.state.jobs.run()
        mock.state.close()

    (warning,) = [record.message for record in caplog.records if "check of its URL" in record.message]
    assert url in warning
    assert "--no-challenge" in warning


@pytest.mark.parametrize("url", ["ftp://x", "http://", "nonsense"])
def test_a_url_that_cannot_be_delivered_to(mock, url):
    """`check` returns the reason."""
    assert "is not an http or https URL" in of(mock.app).check(url, "s")
