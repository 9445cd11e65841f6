"""Executions that run until a time of the clock."""

import pytest

from mockcbs.core.waiting import StartOver, on_loop
from mockcbs.services.coze import runs
from mockcbs.services.coze.records import Records
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


def test_only_those_that_end_are_read_as_records(coze, monkeypatch):
    """Each read asks what has to end; after a load test, hundreds of executions run."""
    restored, read = [], Records._restored
    monkeypatch.setattr(Records, "_restored", lambda *args: restored.append(args) or read(*args))
    monkeypatch.setattr(runs, "_TOGETHER", 3)
    report = f"/v1/workflows/{RUN}/analytics?start_date=2025-12-22&end_date=2025-12-22"
    for _ in range(7):
        coze.post("/v1/workflow/run", json={"workflow_id": RUN, "is_async": True})

    coze.get(report)
    while_they_run = [record for records, record in restored if records is runs._RUNNING]
    coze.put("/_mockcbs/clock", json={"advance_ms": 900})
    coze.get(report)
    ended = [record for records, record in restored if records is runs._RUNNING]

    assert not while_they_run
    assert len(ended) == 7
