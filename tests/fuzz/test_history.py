"""Questions, resets, clocks and kills in any order: every answer fits the history of what went before.

Seeded (`MOCKCBS_FUZZ_SEED`), for `MOCKCBS_FUZZ_SECONDS` (60 unless said otherwise).
"""

import os
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.clients.conftest import serving
from tests.conftest import BOT

__all__ = ["serving"]

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(900)]

SEED = int(os.environ.get("MOCKCBS_FUZZ_SEED", "1"))
SECONDS = float(os.environ.get("MOCKCBS_FUZZ_SECONDS", "60"))
PROJECTS = ("a" * 32, "b" * 32)
START = 1_613_720_965_417
TOKEN = {"X-Auth-Token": "t"}


class History:
    """What was asked in each project, and what may be counted there."""

    def __init__(self):
        self.acknowledged = dict.fromkeys(PROJECTS, 0)
        self.sent = dict.fromkeys(PROJECTS, 0)
        self.now = dict.fromkeys(PROJECTS, START)

    def asked(self, project: str, *, acknowledged: bool):
        self.sent[project] += 1
        self.acknowledged[project] += acknowledged

    def reset(self, project: str):
        self.acknowledged[project] = self.sent[project] = 0
        self.now[project] = START


def ask(client, project: str) -> bool:
    path = f"/v1/{project}/qabots/{BOT}/chat"
    try:
        return client.post(path, json={"question": "hello"}, headers=TOKEN).status_code == 200
    except httpx.HTTPError:
        return False


def skip(client, project: str, milliseconds: int):
    answer = client.put("/_mockcbs/clock", params={"project": project}, json={"advance_ms": milliseconds})
    assert answer.status_code == 200


def check(client, history: History, project: str):
    """The statistics count what was acknowledged, and nothing that was not sent; the clock is as set."""
    path = f"/v1/{project}/qabots/{BOT}/requests/session-stats"
    query = {"interval": "year", "end_time": START + 10**9}
    answer = client.get(path, params=query, headers=TOKEN)
    clock = client.get("/_mockcbs/clock", params={"project": project}).json()

    counted = answer.json()["total"]["session_count"]
    assert history.acknowledged[project] <= counted <= history.sent[project]
    assert clock["now"] == history.now[project], clock
    history.acknowledged[project] = history.sent[project] = counted


def step(chance: random.Random, client, history: History, pool):
    project = chance.choice(PROJECTS)
    kind = chance.choice(("ask", "ask", "ask together", "advance", "reset", "check"))
    if kind == "ask":
        history.asked(project, acknowledged=ask(client, project))
    elif kind == "ask together":
        for acknowledged in pool.map(lambda _: ask(client, project), range(chance.randint(2, 16))):
            history.asked(project, acknowledged=acknowledged)
    elif kind == "advance":
        milliseconds = chance.randint(1, 100_000)
        skip(client, project, milliseconds)
        history.now[project] += milliseconds
    elif kind == "reset":
        assert client.post("/_mockcbs/reset", params={"project": project}).is_success
        history.reset(project)
    else:
        check(client, history, project)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_histories(serving, tmp_path, workers):
    """Nothing acknowledged is lost, nothing is counted twice, no project sees another's calls."""
    chance, history, until = random.Random(SEED), History(), time.monotonic() + SECONDS / 2
    options = ("--dataset", "empty", "--state", str(tmp_path / "state"), "--workers", workers, "--quiet")
    options += ("--now", str(START))

    with ThreadPoolExecutor(8) as pool:
        while time.monotonic() < until:
            with (
                serving(*options, killed=True) as served,
                httpx.Client(base_url=served.url, timeout=20) as client,
            ):
                for project in PROJECTS:
                    skip(client, project, history.now[project] - START)  # a restart forgets clocks
                    check(client, history, project)
                for _ in range(chance.randint(5, 60)):
                    step(chance, client, history, pool)
                waiting = [pool.submit(ask, client, PROJECTS[0]) for _ in range(8)]
                time.sleep(chance.random() / 50)
                os.kill(served.process.pid, signal.SIGKILL)
                for one in waiting:
                    history.asked(PROJECTS[0], acknowledged=one.result())
