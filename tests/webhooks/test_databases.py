"""A day of webhooks in each database: what reports find there is what the analytics call answers."""

import random

import pytest
import requests

from mockcbs import Mock
from mockcbs.testing.webhooks import ReceiverServer
from mockcbs.webhooks.incoming import Event, read
from mockcbs.webhooks.reports import dialect_of, report

BOT = "7342866812345678901"
DATASET = """\
bots:
  - id: "7342866812345678901"
    traffic: {sessions_per_day: 30}
"""
DAYS = ("2026-11-20", "2026-11-21")


@pytest.fixture(scope="module")
def usage(tmp_path_factory) -> tuple[list[bytes], dict]:
    """The bodies of all deliveries about two days, and the response of the analytics call."""
    dataset = tmp_path_factory.mktemp("dataset") / "small.yaml"
    dataset.write_text(DATASET)
    with Mock(now="2026-11-24T02:00:00Z", dataset=str(dataset)) as mock, ReceiverServer() as receiver:
        mock.webhooks.subscribe(receiver.url)
        past = {"bot_id": BOT, "from": "2026-11-20T00:00:00+08:00", "to": "2026-11-21T23:59:59.999+08:00"}
        count = mock.app.test_client().post("/_mockcbs/webhooks/send", json=past).json["events"]
        mock.webhooks.wait(count)
        url = f"https://api.coze.cn/v1/bots/{BOT}/analytics?start_date={DAYS[0]}&end_date={DAYS[1]}"
        figures = requests.get(url, headers={"Authorization": "Bearer pat_mockcbs"}).json()["data"]
        mock.state.close()
        return [request.body for request in receiver.received], figures


def numbers(row: dict) -> dict[str, float]:
    """The figures of a row of a report, or of the analytics call."""
    named = {
        "total_calls",
        "total_messages",
        "total_sessions",
        "unique_users",
        "success_rate",
        "error_rate",
        "avg_response_time_ms",
    }
    return {name: float(value) for name, value in row.items() if name in named}


def test_reports_equal_the_api(usage, table):
    """Reports have the figures of the API, also if deliveries arrive twice and in any order."""
    bodies, figures = usage
    deliveries = bodies + bodies[::3]
    random.Random(7).shuffle(deliveries)
    for body in deliveries:
        event = read(body)
        assert isinstance(event, Event)
        table.add(event)
    dialect = dialect_of(table.dialect)

    (whole,) = table.rows(report(dialect))
    by_day = table.rows(report(dialect, "period"))
    (by_bot,) = table.rows(report(dialect, "bot"))
    by_channel = table.rows(report(dialect, "channel"))

    assert numbers(whole) == numbers(figures["summary"]) == numbers(by_bot)
    assert [str(row["period"]) for row in by_day] == list(DAYS)
    assert [numbers(row) for row in by_day] == [numbers(row) for row in figures["metrics"]]
    assert sum(row["total_calls"] for row in by_channel) == whole["total_calls"] > 20
