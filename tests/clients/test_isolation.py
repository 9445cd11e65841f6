"""Hundreds of tests on one server, each with its own project or Coze token, do not affect each other."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
import urllib3

from .conftest import Served

NOW = 1_795_305_600_000
"""2026-11-22T00:00:00Z, when the server's clock stands still."""
CBS_BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
COZE_BOT = "7342866812345678901"
MANY = 200
THREADS = 16


@pytest.fixture(scope="module")
def shared(serving) -> Iterator[Served]:
    """A server without traffic, so that statistics count only the test's questions."""
    with serving("--dataset", "empty", "--now", str(NOW), "--journal-size", "5000") as served:
        yield served


class Tenant(ABC):
    """One test on the shared server."""

    scope: dict[str, str]
    headers: dict[str, str]
    probe: str

    def __init__(self, pool: urllib3.HTTPConnectionPool, number: int) -> None:
        self.pool, self.number = pool, number
        self.questions = number % 3 + 1
        self.at = NOW + 1000 * (number + 1)

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and content of an answer."""
        sent = None if body is None else json.dumps(body)
        answer = self.pool.urlopen(method, path, sent, self.headers, retries=False, timeout=30)
        is_json = "json" in answer.headers.get("Content-Type", "")
        return answer.status, answer.json() if is_json else answer.data.decode()

    def control(self, method: str, what: str, body: Any = None) -> Any:
        """The content of an answer of the control API, about this test alone."""
        return self.call(method, f"/_mockcbs/{what}?{urlencode(self.scope)}", body)[1]

    def arrange(self) -> None:
        """A clock and a scenario of its own."""
        answer = {"status": 503, "body": f"scenario of {self.number}"}
        self.control("PUT", "clock", {"freeze": self.at})
        self.control("PUT", "scenario", {"scenario": {"rules": [{"when": {"nth": 2}, "answer": answer}]}})

    def act(self) -> list[Any]:
        """Look at the clock, meet the scenario, and ask."""
        probes = [self.call("GET", self.probe) for _ in range(2)]
        return [self.time(probes[0][1]), probes[1], [self.ask(place) for place in range(self.questions)]]

    def check(self) -> list[Any]:
        """What is counted, what the journal holds, and whether it can be verified."""
        journal = self.control("GET", "journal")
        verified = [
            self.control("POST", "journal/verify", {"pattern": {"status": 503}, "count": count}).get(
                "matched"
            )
            for count in (1, 2)
        ]
        return [self.count(), journal["count"], verified, self.control("GET", "scenario")["scenario"]]

    @abstractmethod
    def time(self, content: Any) -> int:
        """The instant by the clock of an answer to the probe, ms UTC."""

    @abstractmethod
    def ask(self, place: int) -> int:
        """The status of a question."""

    @abstractmethod
    def count(self) -> int:
        """How many questions the statistics count."""


class Project(Tenant):
    """A test of a CBS client."""

    def __init__(self, pool: urllib3.HTTPConnectionPool, number: int) -> None:
        super().__init__(pool, number)
        self.scope = {"project": f"{number:032x}"}
        self.headers = {"X-Auth-Token": "the-same-for-all"}
        self.base = f"/v1/{number:032x}/qabots/{CBS_BOT}"
        self.probe = f"{self.base}/requests/session-stats?interval=year"

    def time(self, content: Any) -> int:
        """From ``endutc``."""
        return content["endutc"]

    def ask(self, place: int) -> int:
        """In a session of its own."""
        return self.call("POST", f"{self.base}/chat", {"question": f"question {place}"})[0]

    def count(self) -> int:
        """By session-stats."""
        return self.call("GET", self.probe)[1]["total"]["session_count"]


class Token(Tenant):
    """A test of a Coze client."""

    def __init__(self, pool: urllib3.HTTPConnectionPool, number: int) -> None:
        super().__init__(pool, number)
        self.scope = {"token": f"pat_test_{number}"}
        self.headers = {"Authorization": f"Bearer pat_test_{number}", "Content-Type": "application/json"}
        self.probe = "/v1/users/me"

    def time(self, content: Any) -> int:
        """From the log id, which begins with the second in Shanghai."""
        local = datetime.strptime(content["detail"]["logid"][:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        return (int(local.timestamp()) - 8 * 3600) * 1000

    def ask(self, place: int) -> int:
        """In a conversation of its own."""
        said = [{"role": "user", "content": f"question {place}", "content_type": "text"}]
        body = {"bot_id": COZE_BOT, "user_id": "anna", "additional_messages": said}
        return self.call("POST", "/v3/chat", body)[0]

    def count(self) -> int:
        """By analytics."""
        path = f"/v1/bots/{COZE_BOT}/analytics?start_date=2026-11-22&end_date=2026-11-22"
        return self.call("GET", path)[1]["data"]["summary"]["total_calls"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", [Project, Token])
def test_two_hundred_tests_at_once(shared, kind):
    """Each test has its own clock, scenario, traffic and journal; a reset of half of them leaves the
    others.
    """
    with (
        urllib3.HTTPConnectionPool("127.0.0.1", shared.port, maxsize=THREADS) as server,
        ThreadPoolExecutor(THREADS) as pool,
    ):
        tests = [kind(server, number) for number in range(MANY)]
        list(pool.map(kind.arrange, tests, timeout=60))
        acted = list(pool.map(kind.act, tests, timeout=60))
        checked = list(pool.map(kind.check, tests, timeout=60))
        reset = list(pool.map(lambda test: test.control("POST", "reset"), tests[::2], timeout=60))
        after = list(pool.map(kind.check, tests, timeout=60))
        clocks = list(pool.map(lambda test: test.control("GET", "clock")["now"], tests, timeout=60))

    assert acted == [[test.at, (503, f"scenario of {test.number}"), [200] * test.questions] for test in tests]
    assert checked == [[test.questions, 2 + test.questions, [1, None], "unnamed"] for test in tests]
    assert reset == [""] * (MANY // 2)
    assert after[::2] == [[0, 0, [None, None], None]] * (MANY // 2)
    assert after[1::2] == [[test.questions, 3 + test.questions, [1, None], "unnamed"] for test in tests[1::2]]
    assert clocks == [NOW if test.number % 2 == 0 else test.at for test in tests]
