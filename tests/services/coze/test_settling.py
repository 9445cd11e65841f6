"""Asynchronous runs end by the clock."""

from tests.services.coze.conftest import RUN
from tests.services.coze.figures import usage


def test_an_asynchronous_run_that_nobody_looks_at_fails_in_time(coze):
    """Usage shows its failure as soon as the clock has passed its end."""
    body = {"workflow_id": RUN, "parameters": {"mockcbs": "fail"}, "is_async": True}
    coze.post("/v1/workflow/run", json=body)

    def kinds():
        logs = f"/v1/workflows/{RUN}/analytics/logs?start_date=2025-12-22&end_date=2025-12-22"
        return sorted(event["event_type"] for event in usage(coze, logs)["items"])

    before = kinds()
    coze.put("/_mockcbs/clock", json={"advance_ms": 900})

    assert before == ["session.started"]
    assert kinds() == ["execution.failed", "session.started"]
