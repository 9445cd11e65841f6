"""Many threads ask at once: nothing is lost, nothing is counted twice.

``RACE_QUESTIONS=10000 pytest tests/clients/test_race.py`` asks as many of several workers as of one.
"""

import json
import os
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from .conftest import Serving
from .crew import everyone

PATH = "/v1/1604d8170cd84440a81281e5a3a04f8b/qabots/303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
HEAD = f"POST {PATH}/chat HTTP/1.1\r\nHost: x\r\nX-Auth-Token: t\r\nContent-Length: %d\r\n\r\n".encode()
THREADS = 32
QUESTIONS = int(os.environ.get("RACE_QUESTIONS", "320"))
OUTCOMES = {"桌面云打不开": "direct", "桌面云": "recommend", "量子计算": "notmatch", "？！": "invalid"}


def _ask(port: int, thread: int, questions: int) -> tuple[set[str], set[str]]:
    """Ask one thread's share of the questions, in one session; its request ids and session ids."""
    requests_seen: set[str] = set()
    session_id = ""
    sessions: set[str] = set()
    with socket.create_connection(("127.0.0.1", port), 60) as connection:
        answers = connection.makefile("rb")
        for number in range(thread, questions, THREADS):
            question = [*OUTCOMES][number % len(OUTCOMES)]
            body = json.dumps(
                {"question": question, "session_id": session_id, "user_id": f"racer-{thread}"}
            ).encode()
            connection.sendall(HEAD % len(body) + body)
            answer = _read(answers)
            session_id = answer["session_id"]
            sessions.add(session_id)
            requests_seen.add(answer["request_id"])
    return requests_seen, sessions


def _read(answers) -> dict:
    assert answers.readline().split()[1] == b"200"
    length = 0
    while (line := answers.readline().strip()) != b"":
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return json.loads(answers.read(length))


@pytest.mark.parametrize(
    ("workers", "questions"),
    [
        pytest.param(1, 10_000, marks=pytest.mark.slow),
        pytest.param(4, 1600, marks=pytest.mark.slow),
        pytest.param(4, QUESTIONS, id="4-quick"),
    ],
)
def test_32_threads_ask(serving: Serving, workers: int, questions: int):
    """Every question has a unique id, and the statistics of every worker count each exactly once."""
    with serving("--dataset", "empty", "--workers", str(workers)) as served:
        with ThreadPoolExecutor(THREADS) as pool:
            asked = list(pool.map(lambda thread: _ask(served.port, thread, questions), range(THREADS)))

        with everyone(served, workers) as crew:
            answers = [
                [
                    worker.ok("GET", f"{PATH}/requests/{name}?interval=day")["total"]
                    for name in ("reply-rates", "session-stats")
                ]
                for worker in crew
            ]

    assert len(set().union(*(ids for ids, _ in asked))) == questions
    assert [len(own) for _, own in asked] == [1] * THREADS
    assert len(set().union(*(own for _, own in asked))) == THREADS
    assert answers == answers[:1] * workers
    replies, sessions = answers[0]
    expected = Counter([*OUTCOMES.values()][number % len(OUTCOMES)] for number in range(questions))
    assert replies["question_count"] == questions
    assert {outcome: replies[f"{outcome}_count"] for outcome in expected} == expected
    assert (sessions["session_count"], sessions["user_count"]) == (THREADS, THREADS)
    assert sessions["avg_request_count"] == questions / THREADS
