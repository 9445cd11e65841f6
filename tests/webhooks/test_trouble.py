"""What scenarios do to deliveries."""

import json
import threading

import numpy as np
import pytest
from werkzeug import Request, Response

from mockcbs.faults.scenario_file import parse
from mockcbs.services import registry
from mockcbs.traffic.index.turn_sums import TurnIndex
from mockcbs.webhooks import sender
from mockcbs.webhooks.reports import report
from tests.servers import served
from tests.webhooks.calls import BOT, run_dry

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
    """The receiver's figures are the API's, whatever happens to deliveries."""
    from tests.webhooks.test_receiver import running

    with running(tmp_path) as receiver:
        mock.webhooks.subscribe(receiver.url, bots=[BOT])
        mock.scenario(scenario)
        mock.clock.advance(hours=6)
        delivered = run_dry(mock)

        (row,) = receiver.table.rows(report("sqlite"))
        assert delivered > 20
        assert_equal(mock, row, "2026-11-24", NOW_MS)


def test_a_burst_of_fifty(mock, monkeypatch):
    """Scenario webhook-burst has fifty deliveries on the way at the same time."""
    monkeypatch.setattr(sender, "TIMEOUT", 60)  # as long as fifty threads of a busy machine may take
    lock, arrived, all_here = threading.Lock(), [], threading.Event()

    def endpoint(environ, start_response):
        request = Request(environ)
        with lock:
            arrived.append(request.get_data())
            if len(arrived) == 50:
                all_here.set()
        status = 200 if all_here.wait(30) else 500
        return Response(status=status)(environ, start_response)

    with served(endpoint) as url:
        mock.webhooks.subscribe(f"{url}/", challenge=False)
        mock.scenario("webhook-burst")
        mock.clock.advance(hours=6)

        mock.webhooks.wait(50, timeout=60)

    statuses = {attempt.status for one in mock.webhooks.deliveries for attempt in one.attempts}
    assert statuses == {200}


def test_extra_copies_are_in_the_log(mock, receiver):
    """The log of deliveries holds what came back to each copy that a scenario sends."""
    mock.webhooks.subscribe(receiver.url, bots=[BOT])
    mock.scenario("webhook-duplicate")
    mock.clock.advance(hours=6)
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
    mock.clock.advance(hours=6)
    run_dry(mock)

    lost = [one for one in mock.webhooks.deliveries if one.state == "dropped"]
    assert 0 < len(lost) < len(receiver.events)
    assert all(one.attempts[-1].reason == "scenario webhook-lost: lost" for one in lost)
    assert not {one.event_id for one in lost} & {event["event_id"] for event in receiver.events}


NOW_MS = 1_795_485_600_000


def assert_equal(mock, row, start: str, since: int) -> None:
    """The stored figures equal those of the turns after *since*, as the API counts them."""
    from mockcbs.services.coze import analytics

    log = mock.state.log.bot(BOT, mock.clock.now)
    asked = analytics.Question(BOT, 0, 1, mock.clock.now)
    index = TurnIndex(log.view.turns, log.repertoire.endings)
    (sums,) = index.sums(np.array([since + 1]), np.array([mock.clock.now + 1]))
    figures = analytics.figures(sums, asked)
    assert {name: float(row[name]) for name in figures} == {
        name: float(value) for name, value in figures.items()
    }


def test_scenarios_for_webhooks_are_about_webhooks():
    """A rule about deliveries cannot also be about requests."""
    from mockcbs.faults.scenario_file import ScenarioError

    with pytest.raises(ScenarioError, match="webhook is about deliveries"):
        parse({"rules": [{"webhook": "late", "wire": "reset"}]}, registry.vocabulary())
    assert json.dumps(parse("webhook-late", registry.vocabulary()).name) == '"webhook-late"'
