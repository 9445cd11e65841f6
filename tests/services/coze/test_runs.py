"""Runs of workflows."""

from tests.services.coze.conftest import RUN
from tests.services.coze.figures import (
    WEEK,
    figures,
    refusal,
    usage,
    usage_today,
)


def test_an_asynchronous_run_asks_in_its_history(coze):
    """The call returns before the question; the resumed run succeeds."""
    body = {"workflow_id": RUN, "parameters": {"mockcbs": "ask"}, "is_async": True}
    begun = coze.post("/v1/workflow/run", json=body).json
    path = f"/v1/workflows/{RUN}/run_histories/{begun['execute_id']}"

    (waiting,) = coze.get(path).json["data"]
    answer = {"workflow_id": RUN, "resume_data": "x", "interrupt_type": 2}
    event = {"event_id": waiting["interrupt_data"]["event_id"]}
    resumed = coze.post("/v1/workflows/resume", json={**answer, **event}).json
    (ended,) = coze.get(path).json["data"]

    assert begun.keys() == {"code", "msg", "debug_url", "execute_id", "detail"}
    assert (waiting["execute_status"], ended["execute_status"]) == ("Running", "Success")
    assert "interrupt_data" not in ended
    assert resumed["data"] == '{"output":"ok"}'


def test_workflow_runs_count_for_the_workflow(coze):
    """Runs are calls of the workflow, by its users, without messages."""
    workflow = "7389589103588700001"
    for user in ("a", "b", "b"):
        coze.post("/v1/workflow/run", json={"workflow_id": workflow, "ext": {"user_id": user}})
    coze.post("/v1/workflow/run", json={"workflow_id": workflow, "parameters": {"mockcbs": "fail"}})

    assert figures(usage_today(coze, workflow, "workflows")) == (0, 4, 3, 4, 0.75, 0.25, 900.0)
    logs = f"/v1/workflows/{workflow}/analytics/logs?start_date=2025-12-22&end_date=2025-12-22"
    kinds = [event["event_type"] for event in usage(coze, logs)["items"]]
    assert sorted(set(kinds)) == ["execution.completed", "execution.failed", "session.started"]
    assert refusal(coze, f"/v1/bots/{workflow}/analytics?{WEEK}") == (404, 4200)
