"""What clients see while replicas, their connections and their database are killed or stand still.

Every client notes what it sent and what came back; a checker compares that with a counter.
`MOCKCBS_HISTORY_SECONDS` sets how long it goes on, `MOCKCBS_HISTORY_SEED` what fails.
"""

import logging
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

import psycopg
import pytest
import requests

from tests.databases import Postgres, postgresql_server

SECONDS = float(os.environ.get("MOCKCBS_HISTORY_SECONDS", "10"))
SEED = int(os.environ.get("MOCKCBS_HISTORY_SEED", str(time.time_ns() % 10**6)))
PROJECTS = [f"{number}604d8170cd84440a81281e5a3a04f8b" for number in range(3)]
BOT = "403a0a00-c88a-43e3-aa2f-d5b8b9832b02"
TOKEN = {"X-Auth-Token": "token"}
COZE = {"Authorization": "Bearer pat_mockcbs"}


class Replica:
    """A process that serves the mock."""

    def __init__(self, state: str) -> None:
        self._state = state
        self.url = ""
        self.start()

    def start(self) -> None:
        """Serve on a new port."""
        command = [sys.executable, "-m", "mockcbs", "serve", "--quiet", "--port", "0", "--dataset", "empty"]
        environment = {**os.environ, "MOCKCBS_STATE": self._state}
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        self.url = self._process.stdout.readline().strip()

    def kill(self) -> None:
        """End without a word, and start again."""
        self.stop(signal.SIGKILL)
        for _ in range(20):
            self.start()
            if self.url:
                return
            self.stop(signal.SIGKILL)
            time.sleep(0.5)
        raise RuntimeError("the replica does not start")

    def pause(self, seconds: float) -> None:
        """Stand still."""
        self._process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self._process.send_signal(signal.SIGCONT)

    def stop(self, how: int = signal.SIGTERM) -> None:
        """End."""
        self._process.send_signal(signal.SIGCONT)
        self._process.send_signal(how)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(15)
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()


class History:
    """What was sent, acknowledged and read, by project."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.sent: Counter[str] = Counter()
        self.acknowledged: Counter[str] = Counter()
        self.seen: Counter[str] = Counter()
        """The highest count that was read."""
        self.reads = 0
        self.ids: list[str] = []
        self.wrong: list[str] = []

    @contextmanager
    def write(self, project: str) -> Iterator[Callable[[], None]]:
        """A write that counts once it is sent; gives what notes that it was acknowledged."""
        with self._lock:
            self.sent[project] += 1

        def acknowledge() -> None:
            with self._lock:
                self.acknowledged[project] += 1

        yield acknowledge

    @contextmanager
    def read(self, project: str) -> Iterator[Callable[[int], None]]:
        """A read; gives what checks its result."""
        with self._lock:
            low = max(self.acknowledged[project], self.seen[project])

        def check(count: int) -> None:
            with self._lock:
                self.reads += 1
                self.seen[project] = max(self.seen[project], count)
                if not low <= count <= self.sent[project]:
                    self.wrong.append(f"{project[0]}: read {count}, not {low} to {self.sent[project]}")

        yield check


def ask(url: str, project: str, history: History) -> None:
    """Send a question."""
    body = {"question": "怎么开发票", "user_id": "u", "session_id": ""}
    with history.write(project) as acknowledge:
        answer = requests.post(f"{url}/v1/{project}/qabots/{BOT}/chat", json=body, headers=TOKEN, timeout=20)
        if answer.status_code == 200:
            acknowledge()
        elif answer.status_code >= 500 and "X-Mockcbs-Reason" in answer.headers:
            pass  # whether it was recorded is open
        else:
            history.wrong.append(f"a question got {answer.status_code} {answer.text[:200]}")


def count(url: str, project: str, history: History) -> None:
    """Read how many questions there are."""
    path = f"{url}/v1/{project}/qabots/{BOT}/requests/reply-rates"
    with history.read(project) as check:
        answer = requests.get(path, headers=TOKEN, timeout=20)
        if answer.status_code == 200 and "the database" not in answer.headers.get("X-Mockcbs-Reason", ""):
            check(answer.json()["total"]["question_count"])
        elif answer.status_code != 200 and answer.status_code < 500:
            history.wrong.append(f"a read got {answer.status_code} {answer.text[:200]}")


def converse(url: str, _: str, history: History) -> None:
    """Begin a conversation, whose id nobody else gets."""
    answer = requests.post(f"{url}/v1/conversation/create", json={}, headers=COZE, timeout=20)
    if answer.status_code == 200:
        history.ids.append(answer.json()["data"]["id"])


def client(replicas: list[Replica], history: History, over: threading.Event, seed: int) -> None:
    """Do one thing after the other at any replica."""
    draw = random.Random(seed)
    while not over.is_set():
        deed = draw.choices([ask, count, converse], [4, 5, 1])[0]
        with suppress(requests.RequestException):
            deed(draw.choice(replicas).url, draw.choice(PROJECTS), history)


def disturb(
    replicas: list[Replica], database: Postgres, over: threading.Event, draw: random.Random
) -> list[str]:
    """Let one thing after the other fail; what was done."""
    done = []
    disturbances: dict[str, Callable[[], None]] = {
        "kill a replica": lambda: draw.choice(replicas).kill(),
        "pause a replica": lambda: draw.choice(replicas).pause(draw.uniform(0.5, 4)),
        "end all connections": lambda: end_connections(database.url),
        "kill the database": database.kill,
        "stop the database for a while": lambda: stop_for_a_while(database),
    }
    waiting = list(disturbances)
    draw.shuffle(waiting)
    while not over.wait(draw.uniform(0.5, 2)):
        name = waiting.pop() if waiting else draw.choice(list(disturbances))
        done.append(name)
        disturbances[name]()
    return done


def end_connections(url: str) -> None:
    """Let the database end the connections of all replicas."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'mockcbs'"
        )


def stop_for_a_while(database: Postgres) -> None:
    """Take the database away."""
    database.stop()
    time.sleep(2)
    database.start()


@pytest.mark.databases
@pytest.mark.timeout(SECONDS + 200)
def test_no_acknowledged_question_is_lost_or_counted_twice():
    """Reads never go back, whichever replica responds, and all agree at the end."""
    draw, history, over = random.Random(SEED), History(), threading.Event()
    with postgresql_server() as database, ExitStack() as stack:
        replicas = []
        for _ in range(3):
            replicas.append(replica := Replica(f"{database.url}?schema=history"))
            stack.callback(replica.stop)
        clients = [
            threading.Thread(target=client, args=(replicas, history, over, draw.random())) for _ in range(6)
        ]
        timer = threading.Timer(SECONDS, over.set)
        for thread in (*clients, timer):
            thread.start()
        done = disturb(replicas, database, over, draw)
        over.set()
        for thread in clients:
            thread.join()
        finals = [final(replica.url, project) for replica in replicas for project in PROJECTS]

    per_replica = [finals[at : at + len(PROJECTS)] for at in range(0, len(finals), len(PROJECTS))]
    story = f"seed {SEED}: {done}; {history.reads} reads, {sum(history.acknowledged.values())} questions"
    logging.getLogger("mockcbs").info(story)
    assert history.wrong == [], story
    assert per_replica[0] == per_replica[1] == per_replica[2], story
    for project, total in zip(PROJECTS, per_replica[0], strict=True):
        assert history.acknowledged[project] <= total <= history.sent[project], story
    assert len(set(history.ids)) == len(history.ids), story
    assert min(history.reads, sum(history.acknowledged.values())) > 10, story


def final(url: str, project: str) -> int:
    """What a replica counts when all is well again."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(requests.RequestException):
            path = f"{url}/v1/{project}/qabots/{BOT}/requests/reply-rates"
            answer = requests.get(path, headers=TOKEN, timeout=20)
            if answer.status_code == 200 and "the database" not in answer.headers.get("X-Mockcbs-Reason", ""):
                return answer.json()["total"]["question_count"]
        time.sleep(0.3)
    raise AssertionError(f"{url} does not recover")
