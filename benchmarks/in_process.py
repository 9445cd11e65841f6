"""A call in process, without a socket: `Mock` beside `responses` answering the same body as a constant.

Both are asked through `requests`, in turns, so that what `requests` and `responses` take themselves counts
for both.
"""

import time
from collections.abc import Callable
from statistics import median

import click
import requests
import responses
from report import Result, Table, Target, spread

from mockcbs import Mock

_BASE = (
    "https://cbs-ext.cn-north-4.myhuaweicloud.com/v1/1604d8170cd84440a81281e5a3a04f8b"
    "/qabots/303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
)
_ASKED = {
    "session-stats, 13 weeks": "/requests/session-stats?interval=week",
    "session-stats, 90 days": "/requests/session-stats?interval=day",
    "reply-rates, 3 months": "/requests/reply-rates?interval=month",
    "hot questions": "/qa-pairs/hots",
    "a bad parameter": "/requests/keywords?top=51",
}
_TOKEN = {"X-Auth-Token": "any-token"}
_JSON = {"Content-Type": "application/json"}
_GOAL = 3.0


def measure(rounds: int, calls: int) -> Result:
    """Ask everything *calls* times in each of *rounds*, of both in turns."""
    figures, rows, ratios = {}, [], {}
    for name, path in _ASKED.items():
        click.echo(f"in-process: {name}", err=True)
        ours, theirs = _compare(_BASE + path, rounds, calls)
        ratios[name] = median(ours) / median(theirs)
        figures[name] = {"mock_us": spread(ours, 0), "responses_us": spread(theirs, 0), "ratio": ratios[name]}
        rows.append([name, f"{median(ours):.0f} µs", f"{median(theirs):.0f} µs", f"{ratios[name]:.1f}"])
    target = Target(
        "a call in process, beside responses with a constant",
        f"at most {_GOAL:g} times",
        ", ".join(f"{ratio:.1f}" for ratio in ratios.values()),
        max(ratios.values()) <= _GOAL,
    )
    note = f"{rounds} rounds of {calls} calls each, in turns; processor time of this process."
    table = Table("Calls in process", ["", "Mock", "responses", "ratio"], rows, [note])
    return Result("in-process", figures, table, [target])


def _compare(url: str, rounds: int, calls: int) -> tuple[list[float], list[float]]:
    """Microseconds a call, ours and theirs, of each round."""
    mock = Mock(now="2026-02-19T15:49:25+08:00")
    with mock:
        answer = requests.get(url, headers=_TOKEN)
    ours, theirs = [], []
    for _ in range(rounds + 1):
        with mock:
            ours.append(_each(lambda: requests.get(url, headers=_TOKEN), calls))
        with responses.RequestsMock() as constant:
            constant.add("GET", url, body=answer.content, headers=_JSON, status=answer.status_code)
            theirs.append(_each(lambda: requests.get(url, headers=_TOKEN), calls))
    return ours[1:], theirs[1:]


def _each(ask: Callable[[], object], calls: int) -> float:
    began = time.process_time()
    for _ in range(calls):
        ask()
    return (time.process_time() - began) / calls * 1e6
