"""Exports of what executions cost."""

import csv
import io

import pytest

from tests.services.coze.bills import DAY, MIDNIGHT, TASKS, bill
from tests.services.coze.calls import data
from tests.services.coze.conftest import BOT, caller


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


def test_generated_sessions_are_billed_by_their_channels():
    """A bill has the same channel for each execution as the export, not the API for all of them."""
    coze = caller(dataset="everyday", now=MIDNIGHT * 1000)
    billed = {row["record_root_id"]: row["connector_id"] for row in bill(coze, MIDNIGHT - 2 * DAY, MIDNIGHT)}

    text = coze.get("/_mockcbs/export?bot=7342866812345678901").text
    exported = {row["chat_id"]: row["connector_id"] for row in csv.DictReader(io.StringIO(text))}

    common = billed.keys() & exported.keys()
    assert len(common) > 100
    assert len({exported[one] for one in common}) > 1
    assert {one: billed[one] for one in common} == {one: exported[one] for one in common}


def test_an_answered_question_costs_the_tokens_of_its_answer():
    """Also one in vague words, with which the answer of a new chat would be another."""
    coze = caller(dataset="everyday", now=MIDNIGHT * 1000)
    written = {
        row["record_root_id"]: int(row["model_output_token"])
        for row in bill(coze, MIDNIGHT - 2 * DAY, MIDNIGHT)
    }

    text = coze.get("/_mockcbs/export?bot=7342866812345678901").text
    costs: dict[str, set[int]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        if row["outcome"] == "direct" and row["chat_id"] in written:
            costs.setdefault(row["qa_pair_id"], set()).add(written[row["chat_id"]])

    assert len(costs) > 10
    assert all(len(each) == 1 for each in costs.values())
