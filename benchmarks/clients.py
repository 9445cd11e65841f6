"""Clients that know the right response to each of their requests."""

import json
import math
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from work import DAY, TOKEN

PROBABILITY = 0.1
"""The probability of a fault in the operations of the scenario."""
STRUCK = ("cbs.reply_rates", "cbs.session_stats", "cbs.chat")
"""The operations in which the scenario injects faults."""
_PROJECT = "1604d8170cd84440a81281e5a3a04f8b"
_FAULT = b'{"error_code":"CBS.0031","error_msg":"Internal service error."}'
_BAD = b'{"error_code":"CBS.0021","error_msg":"request parameter error"}'
_QUESTIONS = {
    "桌面云没有声音": "direct",
    "怎么开发票": "direct",
    "代金券怎么使用": "direct",
    "甲乙丙丁戊己庚": "notmatch",
    "???": "invalid",
}
"""Questions with the outcome of each in the shipped knowledge base."""
_MAX_QUESTIONS = 5_000
"""The maximum number of questions of one client, so that all clients stay below the limit of one bot."""


class WrongAnswerError(Exception):
    """A response that the model does not allow."""


class Shared:
    """What all clients share."""

    def __init__(self, port: int, bot: str, busy: str) -> None:
        self.port, self.bot, self.busy = port, bot, busy
        self.over = threading.Event()
        self.lock = threading.Lock()
        self.sent = 0
        """The number of successful questions to the shared bot."""
        self.answered = 0
        self.remembered: dict[str, bytes] = {}
        """The first response for each request about the past."""
        end = time.time_ns() // 1_000_000 // DAY * DAY
        self.past = (end - 80 * DAY, end)


class Client:
    """A client with one connection, one bot that no other client uses, and a model of that bot."""

    def __init__(self, shared: Shared, bot: str, seed: int) -> None:
        self._shared, self._bot = shared, bot
        self._draw = random.Random(seed)
        self._connection = Connection(shared.port)
        self._session = ""
        self._sessions = 0
        self._users: set[str] = set()
        self._user = ""
        self.asked: Counter[str] = Counter()
        """Questions to the client's own bot, by outcome."""
        self.faults: Counter[str] = Counter()
        self.exposed: Counter[str] = Counter()
        """The number of requests to operations in which the scenario injects faults."""
        self.milliseconds: dict[str, list[float]] = {}
        self.made = 0
        self.wrong: list[str] = []

    def run(self) -> None:
        """Send requests one after the other until the time is over or a response is wrong."""
        deeds: list[tuple[int, Callable[[], None]]] = [
            (50, self._repeat),
            (8, self._cut_range),
            (12, self._ask_own),
            (5, self._ask_shared),
            (10, self._read_own),
            (5, self._read_shared),
            (4, self._read_hots),
            (3, self._bad_parameter),
            (3, self._no_token),
        ]
        weights, actions = zip(*deeds, strict=True)
        with self._noting():
            while not self._shared.over.is_set():
                self._draw.choices(actions, weights)[0]()

    def look_back(self) -> None:
        """Check at the end that the statistics have exactly the questions that were asked."""
        if not self.wrong:
            with self._noting():
                self._read_own()
                self._read_shared()
        self._connection.close()

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Record a wrong response and stop this client."""
        try:
            yield
        except (WrongAnswerError, OSError, ValueError, KeyError) as error:
            self.wrong.append(f"{type(error).__name__}: {error}"[:300])

    def _repeat(self) -> None:
        """Check that a request about the past returns the same body for every client at any time."""
        start = self._shared.past[0] + self._draw.randrange(20) * DAY
        operation = self._draw.choice(("session-stats", "reply-rates"))
        body = self._stats("repeated read", operation, self._shared.busy, start, start + 30 * DAY)
        key = f"{operation} {start}"
        if body != self._shared.remembered.setdefault(key, body):
            raise WrongAnswerError(f"{key} read {body[:200]!r} once, not always")

    def _cut_range(self) -> None:
        """Check that the counts of a range are the sums of its two parts."""
        begin, end = self._shared.past
        start, cut, last = sorted(self._draw.sample(range(begin, end), 3))
        for operation, count in (("session-stats", "session_count"), ("reply-rates", "question_count")):
            whole, first, second = (
                self._figures("ever-new query", operation, self._shared.busy, *span)["total"][count]
                for span in ((start, last), (start, cut), (cut + 1, last))
            )
            if whole != first + second:
                raise WrongAnswerError(f"{count} of {start}..{last} is {whole}, not {first} + {second}")

    def _ask_own(self) -> None:
        if self.asked.total() >= _MAX_QUESTIONS:
            return
        if not self._session or self._draw.random() < 0.3:
            session, user = "", self._draw.choice(("anna", "ben", "cora", ""))
        else:
            session, user = self._session, self._user
        question, answer = self._chat(self._bot, user, session)
        if answer is None:
            return
        self.asked[_QUESTIONS[question]] += 1
        if session and answer["session_id"] != session:
            raise WrongAnswerError(f"session {session} became {answer['session_id']}")
        self._sessions += not session
        self._session, self._user = answer["session_id"], user
        if user:
            self._users.add(user)

    def _ask_shared(self) -> None:
        with self._shared.lock:
            if self._shared.sent >= _MAX_QUESTIONS:
                return
            self._shared.sent += 1
        _, answer = self._chat(self._shared.bot, "", "")
        with self._shared.lock:
            self._shared.sent -= answer is None
            self._shared.answered += answer is not None

    def _read_own(self) -> None:
        """Check that the statistics of the client's own bot have exactly its questions."""
        interval = self._draw.choice(("day", "week", "month", "year"))
        rates = self._figures("read after questions", "reply-rates", self._bot, interval=interval)
        expected = {f"{kind}_count": self.asked[kind] for kind in ("direct", "notmatch", "invalid")}
        expected["question_count"] = self.asked.total()
        self._expect(rates["total"], expected)
        self._expect({key: sum(each[key] for each in rates["intervals"]) for key in expected}, expected)
        stats = self._figures("read after questions", "session-stats", self._bot, interval=interval)
        mean = Decimal(self.asked.total()) / max(1, self._sessions)
        expected = {
            "session_count": self._sessions,
            "user_count": len(self._users),
            "avg_request_count": mean.quantize(Decimal("0.001"), ROUND_HALF_UP),
        }
        self._expect(stats["total"], expected)

    def _read_shared(self) -> None:
        with self._shared.lock:
            least = self._shared.answered
        found = self._figures("read of a shared bot", "reply-rates", self._shared.bot)["total"][
            "question_count"
        ]
        with self._shared.lock:
            most = self._shared.sent
        if not least <= found <= most:
            raise WrongAnswerError(f"the shared bot counts {found}, not {least} to {most}")

    def _read_hots(self) -> None:
        """Check that the hot questions are exactly the pairs that answered."""
        status, body = self._call("hot questions", "GET", f"{self._path(self._bot)}/qa-pairs/hots")
        found = {pair["st_question"] for pair in json.loads(body)["questions"]}
        if status != 200 or (self.asked["direct"] == 0) != (not found) or not found <= set(_QUESTIONS):
            raise WrongAnswerError(f"hot questions {status} {sorted(found)}")

    def _bad_parameter(self) -> None:
        answer = self._call(
            "bad parameter", "GET", f"{self._path(self._shared.busy)}/requests/keywords?top=51"
        )
        if answer != (400, _BAD):
            raise WrongAnswerError(f"a bad parameter is answered {answer}")

    def _no_token(self) -> None:
        target = f"{self._path(self._shared.busy)}/requests/keywords"
        status, body = self._call("no token", "GET", target, token="")
        if status != 401 or json.loads(body)["error_code"] != "APIG.0301":
            raise WrongAnswerError(f"no token is answered {status} {body!r}")

    def _chat(self, bot: str, user: str, session: str) -> tuple[str, dict[str, Any] | None]:
        """Ask a question. Return the answer, or `None` after an injected fault."""
        question = self._draw.choice(list(_QUESTIONS))
        given = {"question": question, "user_id": user, "session_id": session}
        body = json.dumps({key: value for key, value in given.items() if value}).encode()
        answer = self._exposed("question", "cbs.chat", "POST", f"{self._path(bot)}/chat", body)
        if answer is None:
            return question, None
        told: dict[str, Any] = json.loads(answer)
        hits = [each["st_question"] for each in told.get("qabot_answers", {}).get("answers", [])]
        if hits[:1] != ([question] if _QUESTIONS[question] == "direct" else []):
            raise WrongAnswerError(f"{question} is answered {hits}")
        return question, told

    def _figures(
        self, kind: str, operation: str, bot: str, *span: int, interval: str = "day"
    ) -> dict[str, Any]:
        body = self._stats(kind, operation, bot, *span, interval=interval)
        found: dict[str, Any] = json.loads(body, parse_float=Decimal)
        if span and (found["startutc"], found["endutc"]) != span:
            raise WrongAnswerError(f"{operation} of {span} is about {found['startutc']}..{found['endutc']}")
        return found

    def _stats(self, kind: str, operation: str, bot: str, *span: int, interval: str = "day") -> bytes:
        """The body of a statistics response, repeated until no fault is injected."""
        target = f"{self._path(bot)}/requests/{operation}?interval={interval}&time_zone=%2B08%3A00"
        if span:
            target += f"&start_time={span[0]}&end_time={span[1]}"
        while True:
            body = self._exposed(kind, f"cbs.{operation.replace('-', '_')}", "GET", target)
            if body is not None:
                return body

    def _exposed(
        self, kind: str, operation: str, method: str, target: str, body: bytes = b""
    ) -> bytes | None:
        """The body of a response of an operation with faults, or `None` after an injected fault."""
        self.exposed[operation] += 1
        status, answer = self._call(kind, method, target, body)
        if status == 500 and answer == _FAULT:
            self.faults[operation] += 1
            return None
        if status != 200:
            raise WrongAnswerError(f"{target} answered {status} {answer[:200]!r}")
        return answer

    def _call(
        self, kind: str, method: str, target: str, body: bytes = b"", token: str = TOKEN
    ) -> tuple[int, bytes]:
        began = time.perf_counter()
        answer = self._connection.exchange(method, target, body, token)
        self.milliseconds.setdefault(kind, []).append(1000 * (time.perf_counter() - began))
        self.made += 1
        return answer

    @staticmethod
    def _path(bot: str) -> str:
        return f"/v1/{_PROJECT}/qabots/{bot}"

    @staticmethod
    def _expect(found: dict[str, Any], expected: dict[str, Any]) -> None:
        for key, value in expected.items():
            if found[key] != value:
                raise WrongAnswerError(f"{key} is {found[key]}, not {value}")


class Connection:
    """HTTP over one keep-alive socket; it supports only what mockcbs sends."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._host = f"127.0.0.1:{port}"

    def exchange(self, method: str, target: str, body: bytes, token: str) -> tuple[int, bytes]:
        """The status and the body of one response."""
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self._host}"]
        if token:
            lines.append(f"X-Auth-Token: {token}")
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, rest = received.partition(b"\r\n\r\n")
        length = _content_length(head)
        while len(rest) < length:
            rest += self._more()
        if len(rest) > length:
            raise WrongAnswerError(f"{len(rest) - length} bytes beyond the answer to {target}")
        return int(head[9:12]), rest

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _more(self) -> bytes:
        data = self._socket.recv(65536)
        if not data:
            raise WrongAnswerError("the connection was closed")
        return data


def _content_length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    raise WrongAnswerError(f"an answer without Content-Length: {head!r}")


def fault_limits(calls: int) -> tuple[float, float]:
    """The minimum and maximum plausible number of faults in *calls*: five standard deviations from the
    mean.
    """
    due = PROBABILITY * calls
    doubt = 5 * math.sqrt(calls * PROBABILITY * (1 - PROBABILITY)) + 1
    return due - doubt, due + doubt
