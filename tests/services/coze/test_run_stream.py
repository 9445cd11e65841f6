"""The events of a streamed run."""

import pytest

from tests.services.coze.calls import events
from tests.services.coze.conftest import RUN


def test_ping(coze):
    """A stream of a run may begin with PING."""
    body = {"workflow_id": RUN, "parameters": {"mockcbs": "ping"}}

    answer = coze.post("/v1/workflow/stream_run", json=body)

    assert answer.text.startswith("id:0\nevent:PING\ndata:{}\n\nid:1\nevent:Message\n")


@pytest.mark.parametrize("member", ["workflow_id", "bot_id"])
@pytest.mark.parametrize("code", ["4200", "4028", "5000", "4013"])
def test_ids_fail_inside_streams(coze, member, code):
    """An id of zeros and a code fails a streamed run with an Error event."""
    answer = coze.post("/v1/workflow/stream_run", json={"workflow_id": RUN, member: f"{code:0>16}"})

    ((name, data),) = events(answer)
    assert (answer.status_code, answer.mimetype, name) == (200, "text/event-stream", "Error")
    assert data["error_code"] == int(code)
    assert f"{code:0>16}" in answer.headers["X-Mockcbs-Reason"]


def test_unknown_workflows_are_told_inside_streams(coze):
    """A workflow that was never published is an Error event, in the vendor's words."""
    body = {"workflow_id": "7389589103588700004"}

    ((name, data),) = events(coze.post("/v1/workflow/stream_run", json=body))

    expected = "Workflow not found. Please verify the workflow exists."
    assert (name, data) == ("Error", {"error_code": 4200, "error_message": expected})


@pytest.mark.parametrize("body", [{}, {"workflow_id": RUN, "parameters": 5}])
def test_wrong_parameters_are_told_inside_streams(coze, body):
    """The event has the documented form, and the reason names the wrong parameter."""
    answer = coze.post("/v1/workflow/stream_run", json=body)

    assert events(answer) == [("Error", {"error_code": 4000, "error_message": "Request parameter error"})]
    assert ("parameters" if body else "workflow_id") in answer.headers["X-Mockcbs-Reason"]
