"""Runs of workflows: at once, as a stream, later, or after an answer from the user (contract 3.7)."""

from collections.abc import Iterator
from typing import Any

from mockcbs.core.errors import ApiError
from mockcbs.core.numbers import compact
from mockcbs.services.coze import accounts, errors, sse
from mockcbs.services.coze.agents import Agent
from mockcbs.services.coze.envelope import WORKSPACE, execution_id, logid, new_id, ok, seconds, whole
from mockcbs.traffic.knowledge import Turn, Utterance
from mockcbs.web import context

Run = dict[str, Any]

SYNCHRONOUS, STREAMING, ASYNCHRONOUS = range(3)

_STORE = "coze.run"
_INTERRUPT = "coze.interrupt"
_QUESTION_NODE = 2
_LATENCY = 900
_STEERING = "mockcbs"
"""The parameter that makes any workflow ``fail`` or ``ask`` before it goes on."""


def start(agent: Agent, body: dict[str, Any], mode: int) -> Run:
    """Run a workflow; the log has it at once."""
    now, session_id = context.now(), new_id()
    execute_id = execution_id(session_id, now, 0)
    steered = body["parameters"].get(_STEERING)
    asks = steered == "ask" or bool(agent.question)
    run: Run = {
        "execute_id": execute_id,
        "workflow_id": agent.id,
        "session_id": session_id,
        "at": now,
        "created": now // 1000,
        "updated": now // 1000,
        "mode": mode,
        "bot_id": body["bot_id"] or "0",
        "connector_id": body["connector_id"],
        "user_id": str(body["ext"].get("user_id") or accounts.user_id())[:256],
        "logid": logid(),
        "node": f"{execute_id}-end",
        "status": "Running",
        "failed": steered == "fail",
        "question": (agent.question or "?") if asks else "",
        "output": compact(agent.output if agent.output is not None else body["parameters"]),
        "event_id": f"{execute_id}/{new_id()}" if asks else "",
    }
    context.mock().log.record(_turn(run, unfinished=True), accounts.scope())
    if asks:
        interrupt = {"execute_id": execute_id, "workflow_id": agent.id}
        context.mock().store.put(_INTERRUPT, accounts.scope(), run["event_id"], interrupt)
    return _keep(run) if asks or mode == ASYNCHRONOUS else finish(run)


def finish(run: Run) -> Run:
    """Let a running workflow come to its end, unless it waits for an answer."""
    if run["status"] != "Running" or run["event_id"]:
        return run
    context.mock().log.amend(_turn(run, unfinished=True), _turn(run, failed=run["failed"]), accounts.scope())
    return _keep({**run, "status": "Fail" if run["failed"] else "Success", "updated": seconds()})


def resume(body: dict[str, Any], agent: Agent) -> Run:
    """Go on after the question that the event was about."""
    store = context.mock().store
    waiting = store.get(_INTERRUPT, accounts.scope(), body["event_id"])
    if waiting is None or waiting["workflow_id"] != agent.id:
        raise ApiError(
            errors.EXECUTION_NOT_FOUND, f"no run of {agent.id} waits with event {body['event_id']}"
        )
    if body["interrupt_type"] != _QUESTION_NODE:
        raise errors.parameter(f"interrupt_type is {_QUESTION_NODE} for this event")
    run = store.get(_STORE, accounts.scope(), waiting["execute_id"])
    if run is None or not run["event_id"]:
        raise ApiError(errors.EXECUTION_ENDED, "the run was resumed before")
    output = compact({"output": body["resume_data"]}) if agent.output is None else run["output"]
    return finish({**run, "event_id": "", "output": output})


@whole
def find(workflow_id: str, execute_id: str) -> Run:
    """A run, moved on to its end if it was to run by itself; 4314 if there is none."""
    run = context.mock().store.get(_STORE, accounts.scope(), execute_id)
    if run is None or run["workflow_id"] != workflow_id:
        raise ApiError(errors.EXECUTION_NOT_FOUND, f"workflow {workflow_id} has no execution {execute_id}")
    return finish(run)


def answer(run: Run) -> dict[str, Any]:
    """What a run that is no stream answers (contract 3.7.1)."""
    head = {"debug_url": debug_url(run), "execute_id": run["execute_id"]}
    if run["event_id"]:
        return ok(data="", interrupt_data=_interrupt(run), usage=_usage(run), **head)
    if run["status"] == "Running":
        return ok(**head)
    if run["failed"]:
        spec = errors.WORKFLOW_FAILED
        return {**ok(**head), "code": int(spec.code), "msg": spec.message}
    return ok(data=run["output"], usage=_usage(run), **head)


def stream(run: Run) -> Iterator[bytes]:
    """The events of a run (contract 3.7.2)."""
    if run["failed"] and not run["event_id"]:
        yield sse.workflow_error(0, errors.WORKFLOW_FAILED)
        return
    title, content = ("问答", run["question"]) if run["event_id"] else ("End", run["output"])
    pieces = sse.deltas(content) or [""]
    for place, piece in enumerate(pieces):
        yield sse.event("Message", _message(run, title, place, piece, last=place == len(pieces) - 1), place)
    if run["event_id"]:
        data = {"interrupt_data": _interrupt(run), "node_title": title}
        yield sse.event("Interrupt", data, len(pieces))
    else:
        yield sse.event("Done", {}, len(pieces))


def history(run: Run) -> dict[str, Any]:
    """A run as its history shows it (contract 3.7.6)."""
    error = errors.WORKFLOW_FAILED if run["status"] == "Fail" else None
    node = {
        "node_id": "900001",
        "is_finish": run["status"] != "Running",
        "update_time": run["updated"],
        "node_execute_uuid": run["node"],
    }
    return {
        "execute_id": run["execute_id"],
        "execute_status": run["status"],
        "bot_id": run["bot_id"],
        "connector_id": run["connector_id"],
        "connector_uid": run["user_id"],
        "run_mode": run["mode"],
        "logid": run["logid"],
        "create_time": run["created"],
        "update_time": run["updated"],
        "output": compact({"Output": run["output"]}) if run["status"] == "Success" else "",
        "error_code": int(error.code) if error else 0,
        "error_message": error.message if error else "",
        "debug_url": debug_url(run),
        "node_execute_status": {"End": node},
        "usage": _usage(run),
        "token": str(_usage(run)["token_count"]),
        "cost": "0",
        "is_output_trimmed": False,
    }


def debug_url(run: Run) -> str:
    """Where the console would show the run."""
    return (
        f"https://www.coze.cn/work_flow?execute_id={run['execute_id']}"
        f"&space_id={WORKSPACE}&workflow_id={run['workflow_id']}"
    )


def _turn(run: Run, *, unfinished: bool = False, failed: bool = False) -> Turn:
    said = Utterance("", "dialog", unfinished=unfinished, failed=failed)
    return Turn(run["workflow_id"], run["session_id"], run["user_id"], run["at"], said, _LATENCY)


def _keep(run: Run) -> Run:
    context.mock().store.put(_STORE, accounts.scope(), run["execute_id"], run)
    return run


def _message(run: Run, title: str, place: int, content: str, *, last: bool) -> dict[str, Any]:
    return {
        "content": content,
        "content_type": "text",
        "node_title": title,
        "node_seq_id": str(place),
        "node_is_finish": last,
        "node_type": "End" if title == "End" else "Question",
        "node_id": "900001",
        "node_execute_uuid": run["node"],
        **({"usage": _usage(run)} if last else {}),
    }


def _interrupt(run: Run) -> dict[str, Any]:
    return {"event_id": run["event_id"], "type": _QUESTION_NODE, "data": ""}


def _usage(run: Run) -> dict[str, int]:
    written = len(run["output"])
    return {"input_count": 50, "token_count": 50 + written, "output_count": written}
