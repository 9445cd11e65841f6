"""Scenarios, clocks and resets over HTTP."""

import threading
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import Mock

import pytest
import requests

from mockcbs.testing.live import LiveServer
from mockcbs.traffic.knowledge import Turn, Utterance
from tests.conftest import BOT, NOW, PROJECT
from tests.control.statistics import OTHER, TOKEN, stats


def test_scenario_of_one_project(client):
    """Only calls of that project meet the scenario; `DELETE` ends it."""
    target = f"/_mockcbs/scenario?project={OTHER}"

    told = client.put(target, json={"scenario": "server-error"}).json

    assert (told["scenario"], told["state"]) == ("server-error", "start")
    assert client.get(stats(OTHER), headers=TOKEN).status_code == 500
    assert client.get(stats(), headers=TOKEN).status_code == 200
    assert client.delete(target).json == {"scenario": None}
    assert client.get(stats(OTHER), headers=TOKEN).status_code == 200


def test_scenario_that_begins_in_the_middle(client):
    """The run begins in a state of its rules.

    Any other state is refused with the known ones, and the present run continues.
    """
    rules = [
        {"when": {"state": "start", "nth": 10}, "state": "down"},
        {"when": {"state": "down"}, "answer": {"status": 503}},
    ]
    told = client.put("/_mockcbs/scenario", json={"scenario": {"rules": rules}, "state": "down"}).json
    refused = client.put("/_mockcbs/scenario", json={"scenario": {"rules": rules}, "state": "dwon"})
    unnamed = client.put("/_mockcbs/scenario", json={"scenario": {"rules": rules}, "state": ""})

    assert (told["scenario"], told["state"]) == ("unnamed", "down")
    assert refused.json["detail"] == "state: 'dwon' is not one of start, down; did you mean 'down'?"
    assert (refused.status_code, unnamed.status_code) == (400, 400)
    assert client.get("/_mockcbs/scenario").json["state"] == "down"
    assert client.get(stats(), headers=TOKEN).status_code == 503


def test_scenario_with_a_time_to_live(client):
    """The scenario ends by the clock of its project."""
    target = f"?project={OTHER}"
    client.put(f"/_mockcbs/clock{target}", json={"freeze": "2026-11-22T00:00:00Z"})
    client.put(f"/_mockcbs/scenario{target}", json={"scenario": "server-error", "ttl_seconds": 60})
    client.put(f"/_mockcbs/clock{target}", json={"advance_ms": 1_000})
    left = client.get(f"/_mockcbs/scenario{target}").json["seconds_left"]

    client.put(f"/_mockcbs/clock{target}", json={"advance_ms": 59_000})

    assert 58 < left <= 59
    assert client.get(f"/_mockcbs/scenario{target}").json == {"scenario": None}


def test_a_bad_scenario_is_refused(client):
    """The error names the wrong key and the accepted values."""
    answer = client.put("/_mockcbs/scenario", json={"scenario": {"rules": [{"wire": "snap"}]}})

    assert answer.status_code == 400
    assert "rules[0].wire: 'snap' is not one of reset" in answer.json["detail"]


@pytest.mark.parametrize(
    ("change", "now", "mode"),
    [
        ({"freeze": "2021-02-19T15:49:25+08:00"}, 1_613_720_965_000, "frozen"),
        ({"freeze": 1_613_720_965_417}, 1_613_720_965_417, "frozen"),
        ({"advance_ms": 180_000}, NOW + 180_000, "frozen"),
        ({"advance_ms": -1}, NOW - 1, "frozen"),
        ({"freeze": True}, NOW, "frozen"),
    ],
)
def test_clock(client, change, now, mode):
    """Time is moved, and every answer follows."""
    shown = client.put("/_mockcbs/clock", json=change).json

    assert (shown["now"], shown["mode"]) == (now, mode)
    assert client.get(stats(), headers=TOKEN).json["endutc"] == now


@pytest.mark.parametrize("change", [{"tick": True}, {"tick": NOW}])
def test_clock_runs_on(client, change):
    """The clock can run from its present time or from a stated instant."""
    shown = client.put("/_mockcbs/clock", json=change).json

    assert NOW <= shown["now"] < NOW + 10_000
    assert shown["mode"] == "shifted"


def test_clock_goes_back_to_real_time(client):
    """`PUT` with real, or `DELETE`, returns the clock to real time."""
    asked = client.put("/_mockcbs/clock", json={"real": True}).json
    client.put("/_mockcbs/clock", json={"freeze": 5})

    assert asked["mode"] == client.delete("/_mockcbs/clock").json["mode"] == "real"


def test_a_clock_that_cannot_be_moved_stays(client):
    """A clock cannot leave the calendar, and a project without a clock still follows the mock's."""
    target = f"/_mockcbs/clock?project={OTHER}"

    refused = client.put(target, json={"advance_ms": 3_000_000_000_000})
    client.put("/_mockcbs/clock", json={"advance_ms": 5})

    assert refused.status_code == 400
    assert refused.json["detail"].startswith(
        "advance_ms: 3000000000000 ms from 2026-11-22T00:00:00.000Z is not "
    )
    assert client.get(target).json["now"] == NOW + 5


def test_clock_of_one_project(client):
    """A project may have its own clock until it follows the mock's again."""
    target = f"/_mockcbs/clock?project={OTHER}"

    client.put(target, json={"advance_ms": 1000})

    ends = [client.get(stats(project), headers=TOKEN).json["endutc"] for project in (PROJECT, OTHER)]
    assert ends == [NOW, NOW + 1000]
    assert client.delete(target).json["now"] == NOW


def test_reset_restores_the_start(client):
    """After any calls and a reset, responses, journal, clock and scenario are those of the start (law 8)."""
    mock = client.application.extensions["mockcbs"]
    before = client.get(stats(), headers=TOKEN).data
    mock.log.record(Turn(BOT, "s", "u", NOW, Utterance("?", "notmatch")), PROJECT)
    mock.documents.put("kind", PROJECT, "key", {})
    client.put("/_mockcbs/clock", json={"advance_ms": 86_400_000})
    client.put("/_mockcbs/scenario", json={"scenario": "stale"})
    changed = client.get(stats(), headers=TOKEN).data

    done = client.post("/_mockcbs/reset")

    assert (done.status_code, done.data) == (204, b"")
    assert changed != before
    assert client.get("/_mockcbs/journal").json["count"] == 0
    assert client.get("/_mockcbs/scenario").json == {"scenario": None}
    assert mock.documents.get("kind", PROJECT, "key") is None
    assert client.get(stats(), headers=TOKEN).data == before


def test_reset_unlocks_access_keys(client):
    """A reset unlocks a key that bad signatures have locked."""
    bad = {
        "Authorization": "SDK-HMAC-SHA256 Access=MOCKCBSAK, SignedHeaders=host, Signature=" + "0" * 64,
        "X-Sdk-Date": "20261122T000000Z",
    }
    reasons = [client.get(stats(), headers=bad).json["error_msg"] for _ in range(7)]

    client.post("/_mockcbs/reset")

    assert "reach the limit" in reasons[-1]
    assert "reach the limit" not in client.get(stats(), headers=bad).json["error_msg"]


def test_reset_of_one_project(client):
    """Other scopes keep their state."""
    for project in (PROJECT, OTHER):
        client.get(stats(project), headers=TOKEN)
        client.put(f"/_mockcbs/scenario?project={project}", json={"scenario": "outage"})
        client.put(f"/_mockcbs/clock?project={project}", json={"advance_ms": 5})

    client.post(f"/_mockcbs/reset?project={OTHER}")

    assert client.get(f"/_mockcbs/journal?project={PROJECT}").json["count"] == 1
    assert client.get(f"/_mockcbs/journal?project={OTHER}").json["count"] == 0
    assert client.get(f"/_mockcbs/scenario?project={PROJECT}").json["scenario"] == "outage"
    assert client.get(f"/_mockcbs/clock?project={PROJECT}").json["now"] == NOW + 5
    assert client.get(f"/_mockcbs/clock?project={OTHER}").json["now"] == NOW
    assert client.get(f"/_mockcbs/scenario?project={OTHER}").json == {"scenario": None}


def test_others_are_served_while_the_clock_is_changed():
    """What is due after the change may take seconds; other clients wait for none of it."""
    due = threading.Event()
    follower = Mock(catch_up=lambda: due.wait(20))
    with LiveServer(now=NOW) as server, ThreadPoolExecutor(1) as threads:
        url = f"{server.url}/_mockcbs/clock"
        requests.get(url, timeout=10)  # the first request loads the views beside the event loop
        server.state.followers.append(follower)
        changed = threads.submit(requests.put, url, json={"advance_ms": 1_000}, timeout=30)
        ready = requests.get(f"{server.url}/_mockcbs/ready", timeout=10).status_code
        waits = not changed.done()
        due.set()

        assert changed.result(20).json()["now"] == NOW + 1_000
    assert (ready, waits) == (200, True)
