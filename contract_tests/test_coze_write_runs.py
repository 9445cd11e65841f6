"""Runs of workflows. Without permission to write, only their errors are checked."""

import json
from collections import defaultdict
from datetime import timedelta
from typing import Any

from mockcbs.contract import sse
from mockcbs.contract.coze import Coze
from mockcbs.contract.coze_http import is_stream
from mockcbs.contract.coze_stream import STREAM_CLAUSES, adds_up, check_stream
from mockcbs.contract.kit import Kit, NotApplicableError, checks, made_up, not_reached
from mockcbs.contract.targets import Answer, query

NOBODY = "1"
"""A well-formed id of no existing object."""
_RUN, _STREAM = "/v1/workflow/run", "/v1/workflow/stream_run"
_LOOKS = 60


def _body(coze: Coze, **members: Any) -> dict[str, Any]:
    return {"workflow_id": coze.workflow.rpartition("/")[2], "parameters": {"user_name": "George"}, **members}


def _calls(coze: Coze) -> tuple[int, int]:
    """The calls and sessions of the workflow in a range around the current time."""
    ends = coze.today - timedelta(1), coze.today + timedelta(1)
    summary = coze.days_of(*ends, coze.workflow, fresh=True).json["data"]["summary"]
    return summary["total_calls"], summary["total_sessions"]


def _events(kit: Kit, clause: str, answer: Answer) -> list[sse.Event]:
    """Check that the events of a workflow's stream are numbered from 0, and return them."""
    Coze.of(kit).need(answer)
    if not kit.expect(clause, answer, [answer.status, is_stream(answer)], [200, True], "status, stream"):
        not_reached("the response is not a stream")
    try:
        events = sse.events(answer.body, numbered=True)
    except ValueError as error:
        kit.judge(clause, answer, "events of three lines", str(error), held=False)
        not_reached("the stream is unreadable")
    numbers = [event.number for event in events]
    kit.expect(clause, answer, numbers, [str(n) for n in range(len(events))], "ids")
    return events


@checks("coze.shape.run", "coze.run.data", "coze.run.owners", "coze.run.counted")
def test_run(kit: Kit) -> None:
    """A run returns its output at once and is counted."""
    coze = Coze.of(kit)
    coze.may_write()
    before = _calls(coze)
    answer = coze.post(_RUN, _body(coze, is_async=False))
    run = coze.good("run", answer)
    kit.judge(
        "coze.run.data", answer, "data: JSON", str(run.get("data"))[:80], held=_is_json(run.get("data"))
    )
    held = adds_up(run["usage"])
    kit.judge("coze.run.data", answer, "usage that adds up", str(run["usage"]), held=held)
    after = _calls(coze)
    grown = [one - other for one, other in zip(after, before, strict=True)]
    held = all(more >= 1 for more in grown)
    kit.judge(
        "coze.run.counted", answer, "an increase by at least one call and one session", str(grown), held=held
    )
    bad = coze.post(_RUN, _body(coze, bot_id=kit.coze_bot_id, app_id=kit.coze_bot_id))
    coze.refused("coze.run.owners", bad, 400, 4000)


def _is_json(text: object) -> bool:
    try:
        return isinstance(text, str) and json.loads(text) is not None
    except ValueError:
        return False


@checks("coze.shape.run-history", "coze.shape.node-output", "coze.run.async")
def test_asynchronous_run(kit: Kit) -> None:
    """An asynchronous run is in the history of runs."""
    coze = Coze.of(kit)
    coze.may_write()
    answer = coze.post(_RUN, _body(coze, is_async=True))
    if answer.json.get("code") == 6003:
        raise NotApplicableError("the account may not run workflows asynchronously")
    run = coze.good("run", answer)
    found = ["data" in run, bool(run.get("execute_id"))]
    kit.expect("coze.run.async", answer, found, [False, True], "has data, has execute_id")
    path = f"{coze.workflow}/run_histories/{run['execute_id']}"
    history: dict[str, Any] = {}
    for _ in range(_LOOKS):
        answer = coze.get(path)
        found = coze.each("run-history", answer)
        kit.expect("coze.run.async", answer, len(found), 1, "elements")
        history = found[0]
        if history["execute_status"] != "Running":
            break
    expected = [run["execute_id"], "Success", 2]
    found = [history[name] for name in ("execute_id", "execute_status", "run_mode")]
    kit.expect("coze.run.async", answer, found, expected, "execution, status, mode")
    kit.expect("coze.run.async", answer, history["error_code"] in (0, ""), True, "no error_code")
    held = _is_json(history["output"])
    kit.judge("coze.run.async", answer, "output: JSON", history["output"][:80], held=held)
    for node in (history.get("node_execute_status") or {}).values():
        coze.good("node-output", coze.get(f"{path}/execute_nodes/{node['node_execute_uuid']}"))


@checks("coze.run.stream", "coze.run.messages", "coze.run.stream-error")
def test_streamed_run(kit: Kit) -> None:
    """A streamed run sends Message events and then a Done event."""
    coze = Coze.of(kit)
    coze.may_write()
    answer = coze.post(_STREAM, _body(coze))
    events = _events(kit, "coze.run.stream", answer)
    names = [event.name for event in events]
    expected = ["Message"] * (len(names) - 1) + ["Done"]
    kit.expect("coze.run.stream", answer, names, expected, "events")
    contents = [event.data for event in events if event.name == "Message"]
    strange = [
        m
        for m in contents
        if not all(isinstance(m.get(n), str) for n in ("content", "node_title", "node_seq_id"))
    ]
    kit.expect(
        "coze.run.messages", answer, strange[:1], [], "messages without content, node_title, node_seq_id"
    )
    numbers: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for message in contents:
        node = tuple(message.get(n) for n in ("node_execute_uuid", "node_id", "node_title"))
        numbers[node].append(message.get("node_seq_id"))
    counted = [[str(n) for n in range(len(found))] for found in numbers.values()]
    kit.expect("coze.run.messages", answer, list(numbers.values()), counted, "node_seq_id by node")
    ends = [message.get("node_is_finish") for message in contents]
    kit.expect(
        "coze.run.messages",
        answer,
        [ends[-1], *map(type, ends)],
        [True, *[bool] * len(ends)],
        "node_is_finish",
    )
    answer = coze.post(_STREAM, _body(coze, parameters="George"))
    events = _events(kit, "coze.run.stream-error", answer)
    found = [[event.name, event.data.get("error_code")] for event in events]
    kit.expect("coze.run.stream-error", answer, found, [["Error", 4000]], "events")
    held = bool(events[-1].data.get("error_message"))
    kit.judge("coze.run.stream-error", answer, "error_message", events[-1].text[:80], held=held)


@checks("coze.run.interrupt")
def test_interrupted_run(kit: Kit) -> None:
    """An interrupted run continues with the answer; on mockcbs, a certain parameter interrupts a run."""
    coze = Coze.of(kit)
    coze.may_write()
    clause, asks = "coze.run.interrupt", _body(coze, parameters={"mockcbs": "ask"})
    resume = {"workflow_id": asks["workflow_id"], "resume_data": "杭州", "interrupt_type": 2}
    for path in ("/v1/workflows/resume", "/v1/workflow/stream_resume"):
        answer = coze.post(_STREAM, asks)
        last = _events(kit, clause, answer)[-1]
        if last.name != "Interrupt":
            raise NotApplicableError("the run was not interrupted")
        interrupt = last.data["interrupt_data"]
        found = [bool(interrupt["event_id"]), interrupt["type"], bool(last.data["node_title"])]
        kit.expect(clause, answer, found, [True, 2, True], "event_id, type, node_title")
        answer = coze.post(path, {**resume, "event_id": interrupt["event_id"]})
        if path.endswith("stream_resume"):
            kit.expect(clause, answer, _events(kit, clause, answer)[-1].name, "Done", "last event")
        else:
            kit.expect(clause, answer, _is_json(coze.good("run", answer).get("data")), True, "data is JSON")


@checks("coze.run.chatflow", *STREAM_CLAUSES)
def test_chatflow(kit: Kit) -> None:
    """A chatflow returns the stream of a chat."""
    coze = Coze.of(kit)
    coze.may_write()
    where = query(workspace_id=coze.workspace_id, workflow_mode="chatflow", page_size=100)
    found = coze.good("workflows", coze.get("/v1/workflows", where))["items"]
    if not found:
        raise NotApplicableError("the account has no chatflow")
    answer = coze.post("/v1/workflows/chat", _chat(found[0]["workflow_id"], kit))
    events = check_stream(kit, answer, chatflow=True)
    kit.expect("coze.run.chatflow", answer, events[-1].name, "done", "last event")


@checks("coze.run.unknown", "coze.run.resume-unknown", "coze.run.no-chatflow")
def test_refused_runs(kit: Kit) -> None:
    """Unknown workflows cannot be run or resumed; rejected requests change nothing."""
    coze = Coze.of(kit)
    answer = coze.post(_RUN, {"workflow_id": NOBODY, "parameters": {}})
    coze.refused("coze.run.unknown", answer, 404, 4200)
    answer = coze.post(_STREAM, {"workflow_id": NOBODY, "parameters": {}})
    events = sse.events(answer.body, numbered=True) if is_stream(answer) else []
    found = [(event.name, event.data.get("error_code")) for event in events]
    kit.expect("coze.run.unknown", answer, found, [("Error", 4200)], "events of the stream")
    coze.refused("coze.run.no-chatflow", coze.post("/v1/workflows/chat", _chat(NOBODY, kit)), 404, 4200)
    waiting = {"workflow_id": coze.workflow.rpartition("/")[2], "event_id": f"{NOBODY}/{NOBODY}"}
    for path in ("/v1/workflows/resume", "/v1/workflow/stream_resume"):
        answer = coze.post(path, {**waiting, "resume_data": "x", "interrupt_type": 2})
        coze.refused("coze.run.resume-unknown", answer, 200, 4314)
    coze.may_write()
    where = query(workspace_id=coze.workspace_id, workflow_mode="workflow", page_size=100)
    for plain in coze.good("workflows", coze.get("/v1/workflows", where))["items"][:1]:
        answer = coze.post("/v1/workflows/chat", _chat(plain["workflow_id"], kit))
        coze.refused("coze.run.no-chatflow", answer, 404, 4200)


def _chat(workflow_id: str, kit: Kit) -> dict[str, Any]:
    said = [{"role": "user", "content": "你好", "content_type": "text"}]
    user = {"user_id": made_up()}
    return {
        "workflow_id": workflow_id,
        "additional_messages": said,
        "parameters": {},
        "bot_id": kit.coze_bot_id,
        "ext": user,
    }
