"""What a client can provoke: codes, broken streams, PING, ids that fail inside streams."""

import pytest

from mockcbs.services.coze import errors
from tests.services.coze.calls import ask, events, where
from tests.services.coze.conftest import BOT, RUN

FAILING = ["4028", "4011", "4014", "4019", "5000"]


@pytest.mark.parametrize("code", FAILING)
def test_chats_fail_with_any_code(coze, code):
    """``mockcbs:fail:CODE`` fails a chat with a row of the catalogue; its message list has no data."""
    chat = ask(coze, f"mockcbs:fail:{code}").json["data"]

    failed = coze.get("/v3/chat/retrieve", query_string=where(chat)).json["data"]
    listed = coze.get("/v3/chat/message/list", query_string=where(chat)).json

    assert (failed["status"], failed["last_error"]["code"]) == ("failed", int(code))
    assert (listed["code"], "data" in listed) == (0, False)


@pytest.mark.parametrize("code", FAILING)
def test_streams_break_off(coze, code):
    """``mockcbs:error:CODE`` ends a stream with an error event."""
    told = events(ask(coze, f"mockcbs:error:{code}", stream=True))

    assert [name for name, _ in told][-2:] == ["error", "done"]
    assert told[-2][1]["code"] == int(code)


@pytest.mark.parametrize("code", ["4028", "4011"])
def test_runs_fail_with_any_code(coze, code):
    """So does a run, at once and as a stream."""
    body = {"workflow_id": RUN, "parameters": {"mockcbs": f"fail:{code}"}}

    run = coze.post("/v1/workflow/run", json=body).json
    name, data = events(coze.post("/v1/workflow/stream_run", json=body))[-1]

    assert run["code"] == int(code)
    assert (name, data["error_code"]) == ("Error", int(code))


def test_an_asynchronous_run_asks_in_its_history(coze):
    """Its response comes before the question; resumed, it succeeds."""
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
    """The event is as documented; what is wrong stands in the reason."""
    answer = coze.post("/v1/workflow/stream_run", json=body)

    assert events(answer) == [("Error", {"error_code": 4000, "error_message": "Request parameter error"})]
    assert ("parameters" if body else "workflow_id") in answer.headers["X-Mockcbs-Reason"]


def test_4028_by_id_and_by_scenario(coze):
    """The quota of a free account can be used up by id and by scenario."""
    by_id = coze.post("/v3/chat", json={"bot_id": "0000000000004028", "user_id": "u"})

    assert (by_id.status_code, by_id.json["code"]) == (200, 4028)
    assert "4028" in {row.code for row in errors.CATALOGUE if row.provoke}


def test_expired_tokens_of_chats(coze):
    """The scenario token-expired answers POST /v3/chat as the vendor does: 200 and 4101."""
    prefer = {"Prefer": "scenario=token-expired"}

    chats = [coze.post("/v3/chat", json={"bot_id": BOT, "user_id": "u"}, headers=prefer) for _ in range(9)]
    reads = [coze.get("/v1/users/me", headers=prefer) for _ in range(9)]

    assert {(200, 4101)} >= {(one.status_code, one.json["code"]) for one in chats} - {(200, 0)} != set()
    assert {(401, 700012006)} >= {(one.status_code, one.json["code"]) for one in reads} - {(200, 0)} != set()
