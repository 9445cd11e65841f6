"""Measures a call in process, without a socket: `Mock` beside a constant response of `responses`.

Both are called through `requests`, in turns, so that the time of `requests` and `responses` themselves is the
same for both. Then it measures a call through `httpx`, and the time to create a `Mock`, as each test does.
"""

import time
from collections.abc import Callable
from itertools import count
from statistics import median
from typing import Any

import httpx
import requests
import responses
from progress import Progress
from report import Result, Table, spread

from mockcbs import Mock

_BASE = (
    "https://cbs-ext.cn-north-4.myhuaweicloud.com/v1/1604d8170cd84440a81281e5a3a04f8b"
    "/qabots/303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
)
_STATS = "/requests/session-stats?interval=week"
_ASKED = {
    "session-stats, 13 weeks": _STATS,
    "session-stats, 90 days": "/requests/session-stats?interval=day",
    "reply-rates, 3 months": "/requests/reply-rates?interval=month",
    "hot questions": "/qa-pairs/hots",
    "a bad parameter": "/requests/keywords?top=51",
}
_TOKEN = {"X-Auth-Token": "any-token"}
_JSON = {"Content-Type": "application/json"}
_FRESH = 5
"""The number of mocks that are created in one round."""


def measure(rounds: int, calls: int, progress: Progress) -> Result:
    """Measure both in turns, *calls* calls in each of *rounds*."""
    compared: dict[str, dict[str, Any]] = {}
    rows = []
    for place, (name, path) in enumerate(_ASKED.items()):
        ours, theirs = _compare(_BASE + path, rounds, calls)
        ratio = round(median(ours) / median(theirs), 2)
        compared[name] = {"mock_us": spread(ours, 0), "responses_us": spread(theirs, 0), "ratio": ratio}
        rows.append([name, f"{median(ours):.0f} µs", f"{median(theirs):.0f} µs", f"{ratio:.2f}"])
        progress.tell((place + 1) / (len(_ASKED) + 2), f"{name}: {ratio:.2f} times responses")
    others = _httpx(rounds, calls)
    progress.tell((len(_ASKED) + 1) / (len(_ASKED) + 2), "httpx")
    others |= _fresh(rounds)
    progress.tell(1, "fresh mocks")
    figures = {"calls": compared, "others_ms": {name: spread(values) for name, values in others.items()}}
    note = f"{rounds} rounds of {calls} calls each, in turns; processor time of this process."
    tables = [
        Table("Calls in process", ["", "Mock", "responses", "ratio"], rows, [note]),
        Table(
            "In process otherwise",
            ["", "median ms", "least ms", "most ms"],
            [
                [name, *(f"{value:.2f}" for value in (median(values), min(values), max(values)))]
                for name, values in others.items()
            ],
        ),
    ]
    worst = max(compared.values(), key=lambda found: found["ratio"])
    measured = {
        "Mock us": worst["mock_us"]["median"],
        "responses us": worst["responses_us"]["median"],
        "httpx ms": median(others["a repeated read through httpx"]),
        "fresh Mock ms": median(others["a fresh Mock"]),
    }
    return Result("in-process", figures, tables, measured)


def _compare(url: str, rounds: int, calls: int) -> tuple[list[float], list[float]]:
    """The time of a call in each round, of mockcbs and of responses, in µs."""
    mock = Mock()
    with mock:
        answer = requests.get(url, headers=_TOKEN)
    ours, theirs = [], []
    for _ in range(rounds + 1):
        with mock:
            ours.append(1000 * _each(lambda: requests.get(url, headers=_TOKEN), calls))
        with responses.RequestsMock() as constant:
            constant.add("GET", url, body=answer.content, headers=_JSON, status=answer.status_code)
            theirs.append(1000 * _each(lambda: requests.get(url, headers=_TOKEN), calls))
    return ours[1:], theirs[1:]


def _httpx(rounds: int, calls: int) -> dict[str, list[float]]:
    """The time of a call through httpx in each round, in ms."""
    repeated, new = [], []
    starts = count(time.time_ns() // 1_000_000 - 30 * 86_400_000)
    with Mock() as mock, httpx.Client(transport=mock.httpx_transport(), headers=_TOKEN) as client:

        def ask_new() -> httpx.Response:
            return client.get(f"{_BASE}{_STATS}&start_time={next(starts)}").raise_for_status()

        for _ in range(rounds + 1):
            repeated.append(_each(lambda: client.get(_BASE + _STATS).raise_for_status(), calls))
            new.append(_each(ask_new, calls))
    return {"a repeated read through httpx": repeated[1:], "an ever-new query through httpx": new[1:]}


def _fresh(rounds: int) -> dict[str, list[float]]:
    """The time to create, enter and leave a mock in each round, in ms."""

    def make() -> None:
        with Mock():
            pass

    def make_and_ask() -> None:
        with Mock():
            requests.get(_BASE + _STATS, headers=_TOKEN).raise_for_status()

    made, asked = [], []
    for _ in range(rounds + 1):
        made.append(_each(make, _FRESH))
        asked.append(_each(make_and_ask, _FRESH))
    return {"a fresh Mock": made[1:], "a fresh Mock and its first session-stats": asked[1:]}


def _each(ask: Callable[[], Any], calls: int) -> float:
    """The processor time of a call, in ms."""
    began = time.process_time()
    for _ in range(calls):
        ask()
    return (time.process_time() - began) / calls * 1e3
