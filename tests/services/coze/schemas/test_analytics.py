"""Parameters of the usage statistics."""

import pytest

from tests.services.coze.conftest import BOT
from tests.services.coze.figures import (
    SAMPLE,
    WEEK,
    refusal,
    usage,
)


def test_long_ranges_of_logs(coze):
    """The reason names the limit of the raw events."""
    answer = coze.get(f"/v1/bots/{BOT}/analytics/logs?start_date=2025-01-01&end_date=2025-12-15")

    assert answer.json["msg"].endswith("the range holds 349 days; the limit for raw events is 180")


@pytest.mark.parametrize(
    "query",
    [
        "start_date=2025-12-16&end_date=2025-12-15",
        "end_date=2025-12-21",
        "start_date=2025-12-21",
        "start_date=&end_date=2025-12-21",
        "start_date=2025-02-30&end_date=2025-03-01",
        "start_date=2025/12/15&end_date=2025-12-21",
        "start_date=2025-2-3&end_date=2025-12-21",
        "start_date=20251215&end_date=2025-12-21",
        "start_date=2025-12-15T00:00:00&end_date=2025-12-21",
        "start_date=2022-12-31&end_date=2023-01-01",
        "start_date=2025-01-01&end_date=2025-06-30",
        "start_date=2025-12-01&end_date=2026-01-01&granularity=hour",
        f"{WEEK}&granularity=week",
        f"{WEEK}&granularity=DAY",
        f"{WEEK}&session_id=s-A&conversation_id=s-B",
        f"{WEEK}&session_id={'x' * 65}",
        f"{WEEK}&user_id={'x' * 257}",
        f"{WEEK}&user_id=%00",
        f"{WEEK}&connector_id=web",
        f"{WEEK}&granularity=day&granularity=week",
    ],
)
def test_a7_to_a11_bad_parameters(coze, query):
    """Any wrong parameter causes 4000, also for a bot that does not exist."""
    assert refusal(coze, SAMPLE + query) == (400, 4000)
    assert refusal(coze, f"/v1/bots/999/analytics?{query}") == (400, 4000)


@pytest.mark.parametrize(
    "query",
    [
        "start_date=2025-01-01&end_date=2025-06-29",
        "start_date=2025-12-01&end_date=2025-12-31&granularity=hour",
        f"{WEEK}&granularity=week&granularity=day",
        f"{WEEK}&unknown=1",
    ],
)
def test_longest_ranges_and_repeated_parameters_pass(coze, query):
    """180 days and 31 days of hours are allowed; of a repeated parameter the last one counts."""
    assert usage(coze, SAMPLE + query)["metrics"]


@pytest.mark.parametrize("query", ["event_type=nope", "status=nope", "page_size=101", "page_num=0"])
def test_logs_refuse_bad_parameters(coze, query):
    """The limits of the raw events are checked too."""
    assert refusal(coze, f"/v1/bots/{BOT}/analytics/logs?{WEEK}&{query}") == (400, 4000)
