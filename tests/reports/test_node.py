"""The reporting node of a workflow."""

import pytest
import requests

from tests.clients.conftest import serving  # noqa: F401 - a fixture
from tests.reports.mocks import KINDS, WORKFLOW, made, work

TOKEN = {"Authorization": "Bearer pat_mockcbs"}


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


def rows(mock) -> list[dict]:
    tables = mock.app.test_client().get("/_mockcbs/tables?limit=20000").json["tables"]
    found = [row for table in tables for row in table.get("rows", ())]
    return [{name: plain(value) for name, value in row.items()} for row in found]


def plain(value):
    """A cell without the segments that Tencent Docs puts text into."""
    return value[0]["text"] if isinstance(value, list) and value else value


def run() -> dict:
    body = {"workflow_id": WORKFLOW, "parameters": {"input": "你好世界"}}
    return requests.post("https://api.coze.cn/v1/workflow/run", json=body, headers=TOKEN).json()


def test_a_run_becomes_a_row(tmp_path, kind):
    """The row is there when the run has answered."""
    with made(tmp_path, KINDS[kind]) as mock:
        answer = run()
        (row,) = rows(mock)

    assert answer["code"] == 0
    assert row["workflow_id"] == WORKFLOW
    assert (row["input_len"], row["duration_ms"]) == (4, 900)


def test_rows_are_runs(tmp_path, kind):
    """Generated runs that the clock passes become rows, as many as the analytics call counts."""
    with made(tmp_path, KINDS[kind]) as mock:
        work(mock)
        mock.clock.advance(hours=3)
        work(mock)
        mock.clock.advance(minutes=1)
        work(mock)
        found = rows(mock)
        since, until = 1_795_485_600_000, mock.clock.now - 60_000
        turns = mock.state.log.bot(WORKFLOW, mock.clock.now).view.turns

    begun = [at for at in turns.at.tolist() if since < at <= until]
    assert len(found) >= len(begun) > 10
    assert {row["workflow_id"] for row in found} == {WORKFLOW}


def test_a_table_that_fails_makes_the_run_fail(tmp_path):
    """The refusal of the table's service shows in the run."""
    with made(tmp_path) as mock:
        rule = {"when": {"operation": "feishu.*record*"}, "answer": {"error": "1254290"}}
        mock.scenario({"rules": [rule]})
        failed = run()

    assert failed["code"] != 0
    assert "1254290" in failed["msg"]
