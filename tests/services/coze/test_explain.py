"""The turns and formulas behind usage statistics and raw events."""

import pytest

from tests.services.coze.conftest import BOT

WEEK = "start_date=2025-12-15&end_date=2025-12-17"
STATISTICS = f"/v1/bots/{BOT}/analytics?{WEEK}"
EVENTS = f"/v1/bots/{BOT}/analytics/logs?{WEEK}"


def explained(coze, request, figure):
    query = {"request": request, "figure": figure, "page_size": 100}
    answer = coze.get("/_mockcbs/explain", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json


@pytest.mark.parametrize("name", ["total_calls", "unique_users", "total_sessions"])
def test_a_count_is_the_number_of_its_turns(coze, name):
    """A count of the range or of one day is the number of its turns."""
    data = coze.get(STATISTICS).json["data"]

    for figure, row in ((f"summary.{name}", data["summary"]), (f"metrics[0].{name}", data["metrics"][0])):
        found = explained(coze, STATISTICS, f"data.{figure}")
        assert found["value"] == row[name] == len(found["turns"])


def test_a_mean_is_computed_from_its_turns(coze):
    """The sum of the latencies, divided by their number."""
    found = explained(coze, STATISTICS, "data.summary.avg_response_time_ms")

    times = [turn["latency_ms"] for turn in found["turns"]]
    assert sum(times) / len(times) == found["value"] == 4500
    assert "latency_ms" in found["formula"]


def test_messages_are_questions_and_answers(coze):
    """A turn that succeeded counts as two messages."""
    found = explained(coze, STATISTICS, "data.summary.total_messages")

    assert found["calculation"] == "4 + 3 = 7"


def test_an_event_is_explained_by_its_turn(coze):
    """The times of an event are explained by its turn, and a total by the events of all turns."""
    events = coze.get(EVENTS).json["data"]
    place = next(n for n, event in enumerate(events["items"]) if "duration_ms" in event)

    one = explained(coze, EVENTS, f"data.items[{place}].duration_ms")
    whole = explained(coze, EVENTS, "data.total")

    assert one["turns"][0]["latency_ms"] == events["items"][place]["duration_ms"] == one["value"]
    assert sum(len(turn["events"]) for turn in whole["turns"]) == whole["value"] == events["total"]
