"""Executions end by the clock, although no client looks at them."""

import pytest
import requests

from tests.reports.mocks import KINDS, NOW, WORKFLOW, made
from tests.reports.rows import TOKEN, rows


def run_later(headers: dict = TOKEN) -> str:
    """Start an asynchronous run; its id."""
    body = {"workflow_id": WORKFLOW, "parameters": {"input": "四十二个" * 10}, "is_async": True}
    answer = requests.post("https://api.coze.cn/v1/workflow/run", json=body, headers=headers).json()
    return answer["execute_id"]


def mine(mock) -> list[dict]:
    """The rows of such runs."""
    return [row for row in rows(mock) if row["input_len"] == 40]


@pytest.mark.parametrize("kind", KINDS)
def test_an_asynchronous_run_becomes_a_row_when_its_time_is_over(tmp_path, kind):
    """The row of an asynchronous run is written once, at its end, also if the history is read later."""
    with made(tmp_path, KINDS[kind]) as mock:
        execution = run_later()
        before = rows(mock)
        mock.clock.advance(milliseconds=899)
        not_yet = mine(mock)
        mock.clock.advance(milliseconds=1)
        written = mine(mock)
        url = f"https://api.coze.cn/v1/workflows/{WORKFLOW}/run_histories/{execution}"
        history = requests.get(url, headers=TOKEN).json()["data"][0]
        mock.clock.advance(minutes=1)
        again = mine(mock)

    assert (before, not_yet) == ([], [])
    assert len(written) == 1
    assert history["execute_status"] == "Success"
    assert again == written


def test_many_runs_of_a_caller_whose_clock_stands_still_hold_up_nobody(tmp_path):
    """A run of another caller ends by the shared clock, whatever runs wait on a frozen clock."""
    with made(tmp_path) as mock:
        set_clock = mock.app.test_client().put("/_mockcbs/clock?token=pat_other", json={"freeze": NOW})
        assert set_clock.status_code == 200, set_clock.text
        for _ in range(120):
            run_later({"Authorization": "Bearer pat_other"})
        run_later()
        mock.clock.advance(seconds=1)

        assert len(mine(mock)) == 1
