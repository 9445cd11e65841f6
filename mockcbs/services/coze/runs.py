"""Runs of workflows: complete, as a stream, in the background, or resumed by the user (contract 3.7)."""

from dataclasses import dataclass, replace
from typing import Any

from mockcbs.core.errors import ApiError
from mockcbs.core.numbers import compact
from mockcbs.services.coze import accounts, billing, errors, running, steering
from mockcbs.services.coze.agents import Agent
from mockcbs.services.coze.envelope import (
    API_CHANNEL,
    debug_url,
    execution_id,
    logid,
    new_id,
    ok,
    seconds,
)
from mockcbs.services.coze.records import Records
from mockcbs.traffic.knowledge import Turn, Utterance
from mockcbs.web import context
from mockcbs.web.atomic import atomic

SYNCHRONOUS, STREAMING, ASYNCHRONOUS = range(3)
"""The modes of a run, as its history shows them."""

QUESTION_NODE = 2
"""The ``interrupt_type`` of a question node."""
END_NODE = "900001"
_LATENCY = 900
"""ms."""
_TOGETHER = 20
"""The number of runs that end in about 20 ms, with a row of a reporting node for each."""


@dataclass(frozen=True)
class Run:
    """One execution of a workflow."""

    execute_id: str
    workflow_id: str
    session_id: str
    at: int
    """The start, ms UTC."""
    updated: int
    """Unix seconds."""
    mode: int
    bot_id: str
    connector_id: str
    user_id: str
    logid: str
    output: str
    """The output as JSON."""
    status: str = "Running"
    fails: bool = False
    error_code: int = int(errors.WORKFLOW_FAILED.code)
    question: str = ""
    """The question that it waits with."""
    event_id: str = ""
    """The id of the interrupt that it waits for; empty if it does not wait."""
    pings: bool = False
    input_len: int = 0
    """The length in characters of its parameters as JSON, or of the parameter ``input``."""
    problem: str = ""
    """The failure of its reporting node."""
    looks: int = 0
    """The number of times that a client read its history while it ran."""

    @property
    def created(self) -> int:
        """Unix seconds."""
        return self.at // 1000

    @property
    def node(self) -> str:
        """The id of the execution of its end node."""
        return f"{self.execute_id}-end"

    @property
    def error(self) -> errors.CozeError:
        """The error of a failed run."""
        row = errors.row(str(self.error_code), errors.WORKFLOW_FAILED)
        return replace(row, message=f"{row.message}: {self.problem}") if self.problem else row

    @property
    def debug_url(self) -> str:
        """The address of the run in Coze's console."""
        return debug_url(self.execute_id, self.workflow_id)

    @property
    def usage(self) -> dict[str, int]:
        """The used tokens."""
        return tokens(self.output)

    @property
    def interrupt(self) -> dict[str, Any]:
        """The interrupt that it waits for."""
        return {"event_id": self.event_id, "type": QUESTION_NODE, "data": ""}


@dataclass(frozen=True)
class _Interrupt:
    """A question that a run waits for."""

    execute_id: str
    workflow_id: str


@dataclass(frozen=True)
class _Running:
    """A run that ends by the clock."""

    execute_id: str
    until: int
    """ms UTC."""


_KEPT = Records("coze.run", Run)
_RUNNING = Records("coze.run.running", _Running)
_INTERRUPTS = Records("coze.interrupt", _Interrupt)


def tokens(output: str) -> dict[str, int]:
    """The tokens of a run with that output."""
    written = len(output)
    return {"input_count": 50, "token_count": 50 + written, "output_count": written}


def peek(execute_id: str) -> Run | None:
    """The run with that id in its present state, or `None`."""
    return _KEPT.get(execute_id)


def start(agent: Agent, body: dict[str, Any], mode: int) -> Run:
    """Start a workflow; the log has the run at once."""
    now, session_id = context.now(), new_id()
    execute_id = execution_id(session_id, now, 0)
    asked = steering.of_parameters(body["parameters"])
    asks = asked.asks or bool(agent.question)
    run = Run(
        execute_id=execute_id,
        workflow_id=agent.id,
        session_id=session_id,
        at=now,
        updated=now // 1000,
        mode=mode,
        bot_id=body["bot_id"] or "0",
        connector_id=body["connector_id"],
        user_id=str(body["ext"].get("user_id") or accounts.user_id())[:256],
        logid=logid(),
        output=compact(agent.output if agent.output is not None else body["parameters"]),
        fails=asked.fails,
        error_code=int(asked.error.code),
        question=(agent.question or "?") if asks else "",
        event_id=f"{execute_id}/{new_id()}" if asks else "",
        pings=asked.pings,
        input_len=_input_len(body["parameters"]),
    )
    context.mock().log.record(_turn(run, unfinished=True), accounts.scope())
    if asks:
        _INTERRUPTS.put(run.event_id, _Interrupt(execute_id, agent.id))
    if not asks and mode != ASYNCHRONOUS:
        return finish(run)
    if not asks:
        _RUNNING.put(execute_id, _Running(execute_id, now + _LATENCY))
    return _keep(run)


def _input_len(parameters: dict[str, Any]) -> int:
    given = parameters.get("input")
    return len(given) if isinstance(given, str) else len(compact(parameters))


def finish(run: Run) -> Run:
    """Finish a running workflow, unless it waits for an answer."""
    if run.status != "Running" or run.event_id:
        return run
    _RUNNING.delete(run.execute_id)
    run = _reported(run)
    ended = _turn(run, failed=run.fails)
    context.mock().log.amend(_turn(run, unfinished=True), ended, accounts.scope())
    billing.announce(ended, run.execute_id, API_CHANNEL, run.usage, billing.WORKFLOW)
    return _keep(replace(run, status="Fail" if run.fails else "Success", updated=seconds()))


def settle() -> None:
    """End every asynchronous run whose time is over, as it would have ended by itself."""
    running.settle(_RUNNING, _end, _TOGETHER)


def _end(begun: _Running) -> None:
    if run := _KEPT.get(begun.execute_id):
        finish(run)


def _reported(run: Run) -> Run:
    """*run* after its reporting node, if it has one. A row that cannot be written makes the run fail."""
    report = context.mock().report_run
    if report is None:
        return run
    problem = report(run.execute_id, run.workflow_id, run.at, run.input_len, _LATENCY)
    if not problem:
        return run
    context.current().near_misses.append(f"the reporting node failed: {problem}")
    return run if run.fails else replace(run, fails=True, problem=problem)


def resume(body: dict[str, Any], agent: Agent) -> Run:
    """Resume the run after the question of the event."""
    waiting = _INTERRUPTS.get(body["event_id"])
    if waiting is None or waiting.workflow_id != agent.id:
        raise ApiError(
            errors.EXECUTION_NOT_FOUND, f"no run of {agent.id} waits with event {body['event_id']}"
        )
    if body["interrupt_type"] != QUESTION_NODE:
        raise errors.parameter(f"interrupt_type is {QUESTION_NODE} for this event")
    run = _KEPT.get(waiting.execute_id)
    if run is None or not run.event_id:
        raise ApiError(errors.EXECUTION_ENDED, "the run was resumed before")
    output = compact({"output": body["resume_data"]}) if agent.output is None else run.output
    return finish(replace(run, event_id="", output=output))


@atomic
def find(workflow_id: str, execute_id: str) -> Run:
    """A run; raises `ApiError` 4314.

    An asynchronous run ends when its time is over, or when a client looks at it for the second time, because
    a frozen clock would never end it.
    """
    run = _KEPT.get(execute_id)
    if run is None or run.workflow_id != workflow_id:
        raise ApiError(errors.EXECUTION_NOT_FOUND, f"workflow {workflow_id} has no execution {execute_id}")
    if run.status != "Running" or run.event_id:
        return run
    if run.looks or context.now() >= run.at + _LATENCY:
        return finish(run)
    return _keep(replace(run, looks=1))


def answer(run: Run) -> dict[str, Any]:
    """The response to a run without a stream (contract 3.7.1)."""
    head = {"debug_url": run.debug_url, "execute_id": run.execute_id}
    if run.event_id and run.mode != ASYNCHRONOUS:
        return ok(data="", interrupt_data=run.interrupt, usage=run.usage, **head)
    if run.status == "Running":
        return ok(**head)
    if run.fails:
        return {**ok(**head), "code": int(run.error.code), "msg": run.error.message}
    return ok(data=run.output, usage=run.usage, **head)


def history(run: Run) -> dict[str, Any]:
    """The history of a run (contract 3.7.6)."""
    failed = run.status == "Fail"
    node = {
        "node_id": END_NODE,
        "is_finish": run.status != "Running",
        "update_time": run.updated,
        "node_execute_uuid": run.node,
    }
    return {
        "execute_id": run.execute_id,
        "execute_status": run.status,
        "bot_id": run.bot_id,
        "connector_id": run.connector_id,
        "connector_uid": run.user_id,
        "run_mode": run.mode,
        "logid": run.logid,
        "create_time": run.created,
        "update_time": run.updated,
        "output": compact({"Output": run.output}) if run.status == "Success" else "",
        "error_code": str(run.error_code) if failed else "",
        "error_message": run.error.message if failed else "",
        "debug_url": run.debug_url,
        "node_execute_status": {"End": node},
        "usage": run.usage,
        "token": str(run.usage["token_count"]),
        "cost": "0",
        "is_output_trimmed": False,
        **({"interrupt_data": run.interrupt} if run.event_id else {}),
    }


def _turn(run: Run, *, unfinished: bool = False, failed: bool = False) -> Turn:
    said = Utterance("", "dialog", unfinished=unfinished, failed=failed)
    return Turn(run.workflow_id, run.session_id, run.user_id, run.at, said, _LATENCY)


def _keep(run: Run) -> Run:
    return _KEPT.put(run.execute_id, run)
