"""Exports of what executions cost."""

import pytest

from tests.services.coze.bills import DAY, MIDNIGHT, TASKS, bill
from tests.services.coze.calls import data
from tests.services.coze.conftest import BOT


def test_a_bill_has_a_row_for_every_finished_execution(coze):
    """The rows are the finished calls of the analytics, with the same bots, users and ids."""
    rows = bill(coze, MIDNIGHT - 7 * DAY, MIDNIGHT)

    url = f"/v1/bots/{BOT}/analytics/logs?start_date=2025-12-15&end_date=2025-12-21&page_size=100"
    ended = "event_type=execution.completed,execution.failed"
    events = data(coze.get(f"{url}&{ended}"))
    mine = [row for row in rows if row["root_entity_id"] == BOT]
    assert len(mine) == events["total"] > 0
    shown = {event["chat_id"]: event for event in events["items"]}
    for row in mine:
        if event := shown.get(row["record_root_id"]):
            assert (row["connector_uid"], row["connector_id"]) == (event["user_id"], event["connector_id"])
            assert int(row["consume_time"]) == event["timestamp"] // 1000
    assert len({row["id"] for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("started_at", "ended_at"),
    [(MIDNIGHT - DAY + 1, MIDNIGHT), (MIDNIGHT, MIDNIGHT), (MIDNIGHT - DAY, MIDNIGHT + DAY)],
)
def test_days_that_cannot_be_billed(coze, started_at, ended_at):
    """Parts of days, no days, and today are refused."""
    answer = coze.post(TASKS, json={"started_at": started_at, "ended_at": ended_at})

    assert answer.json["code"] == 4000
