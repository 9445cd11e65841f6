"""Executions that run until a time of the clock."""

import pytest

from mockcbs.core.waiting import StartOver, on_loop
from mockcbs.services.coze import runs
from tests.services.coze.conftest import RUN
from tests.services.coze.figures import usage


def test_many_runs_end_beside_the_event_loop(coze, monkeypatch):
    """A read after a load test ends hundreds of runs, which takes too long for the loop of a server."""
    monkeypatch.setattr(runs, "_TOGETHER", 3)
    report = f"/v1/workflows/{RUN}/analytics?start_date=2025-12-22&end_date=2025-12-22"
    for _ in range(7):
        coze.post("/v1/workflow/run", json={"workflow_id": RUN, "is_async": True})
    coze.put("/_mockcbs/clock", json={"advance_ms": 900})

    with on_loop(), pytest.raises(StartOver):
        coze.get(report)

    assert usage(coze, report)["summary"]["total_calls"] == 7
    assert usage(coze, report)["summary"]["avg_response_time_ms"] == 900
    with on_loop():
        coze.get(report)
