"""Law 9: no event is lost, whatever the receiver does and however often the server is killed."""

import random
import time

import pytest
import requests

from mockcbs.testing.webhooks import ReceiverServer

WORKFLOW = "7389589103588700001"


class Unreliable(ReceiverServer):
    """Fails half of the time, but takes each event within its attempts."""

    def __init__(self) -> None:
        super().__init__()
        self._failures: dict[bytes, int] = {}
        self._random = random.Random(9)

    def __call__(self, environ, start_response):
        body = environ["wsgi.input"].getvalue()
        failed = self._failures.get(body, 0)
        fails = failed < 3 and self._random.random() < 0.5
        self._failures[body] = failed + fails
        self.answer(always=500 if fails else 200)
        return super().__call__(environ, start_response)


def wait_for(url: str) -> None:
    """Wait until nothing waits to be delivered."""
    deadline = time.monotonic() + 60
    while requests.get(f"{url}/_mockcbs/webhooks/deliveries?state=pending&limit=1", timeout=10).json()[
        "deliveries"
    ]:
        assert time.monotonic() < deadline, "deliveries still wait"
        time.sleep(0.1)


def post(url: str, body: dict) -> dict:
    """The answer to a call that succeeds."""
    headers = {"Authorization": "Bearer pat_mockcbs", "Connection": "close"}
    response = requests.post(url, json=body, headers=headers, timeout=20)
    response.raise_for_status()
    return response.json()


def run(url: str, text: str) -> str:
    """The id of a run of a workflow."""
    return post(f"{url}/v1/workflow/run", {"workflow_id": WORKFLOW, "parameters": {"n": text}})["execute_id"]


@pytest.mark.parametrize(
    "kills", [pytest.param(6, marks=pytest.mark.slow), pytest.param(20, marks=pytest.mark.large)]
)
def test_killed_servers_lose_nothing(serving, tmp_path, kills):
    """Every event of every chat that was answered arrives, with one body, through kills and failures."""
    options = ("--state", str(tmp_path / "state.sqlite"), "--dataset", "empty")
    logged: set[str] = set()
    with Unreliable() as receiver:
        for turn in range(kills + 1):
            with serving(*options, killed=turn < kills) as served:
                if turn == 0:
                    wanted = {"url": receiver.url, "retries": [0, 0, 0]}
                    post(f"{served.url}/_mockcbs/webhooks", wanted)
                for number in range(5):
                    logged.add(run(served.url, f"{turn}/{number}"))
                time.sleep(random.Random(turn).random() / 2)
                if turn == kills:
                    wait_for(served.url)
        ends = [event for event in receiver.events if event["event_type"] == "execution.completed"]
        arrived = {event["execute_id"] for event in ends}
        bodies: dict[str, set[bytes]] = {}
        for one in receiver.received:
            bodies.setdefault(one.event["event_id"], set()).add(one.body)

    assert arrived == logged
    assert all(len(different) == 1 for different in bodies.values())


def test_one_of_several_workers_sends(serving):
    """Two workers send each event once."""
    with (
        ReceiverServer() as receiver,
        serving("--workers", "2", "--dataset", "empty", "--webhook", receiver.url) as served,
    ):
        for number in range(12):
            run(served.url, str(number))
        receiver.wait(24, timeout=40)
        wait_for(served.url)
        ids = [one.event["event_id"] for one in receiver.received]

    assert len(ids) == len(set(ids)) == 24
