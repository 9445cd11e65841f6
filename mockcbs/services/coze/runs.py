"""Runs of workflows: at once, as a stream, later, or after an answer from the user (contract 3.7)."""

from dataclasses import dataclass, replace
from typing import Any

from mockcbs.core.errors import ApiError
from mockcbs.core.numbers import compact
from mockcbs.services.coze import accounts, billing, errors, steering
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
from mockcbs.web import caching, context
from mockcbs.web.atomic import atomic

SYNCHRONOUS, STREAMING, ASYNCHRONOUS = range(3)
"""Modes of a run, as its history shows them."""

QUESTION_NODE = 2
"""``interrupt_type`` of a question node."""
END_NODE = "900001"
_LATENCY = 900
"""ms."""


@dataclass(frozen=True)
class Run:
    """One execution of a workflow."""

    execute_id: str
    workflow_id: str
    session_id: str
    at: int
    """When it began, ms UTC."""
    updated: int
    """Unix seconds."""
    mode: int
    bot_id: str
    connector_id: str
    user_id: str
    logid: str
    output: str
    """JSON."""
    status: str = "Running"
    fails: bool = False
    error_code: int = int(errors.WORKFLOW_FAILED.code)
    question: str = ""
    """What it asks before it goes on."""
    event_id: str = ""
    """Of the interrupt it waits at; empty if it does not wait."""
    pings: bool = False
    input_len: int = 0
    """Characters of its parameters, as JSON, or of the one called input."""
    problem: str = ""
    """Why its reporting node failed."""
    looks: int = 0
    """How often its history was read while it ran."""

    @property
    def created(self) -> int:
        """Unix seconds."""
        return self.at // 1000

    @property
    def node(self) -> str:
        """The execution of its end node."""
        return f"{self.execute_id}-end"

    @property
    def error(self) -> errors.CozeError:
        """What goes wrong, if it fails."""
        row = errors.row(str(self.error_code), errors.WORKFLOW_FAILED)
        return replace(row, message=f"{row.message}: {self.problem}") if self.problem else row

    @property
    def debug_url(self) -> str:
        """Where the console would show it."""
        return debug_url(self.execute_id, self.workflow_id)

    @property
    def usage(self) -> dict[str, int]:
        """The tokens it took."""
        return tokens(self.output)

    @property
    def interrupt(self) -> dict[str, Any]:
        """What it waits for."""
        return {"event_id": self.event_id, "type": QUESTION_NODE, "data": ""}


@dataclass(frozen=True)
class _Interrupt:
    """A question that a run waits at."""

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
    """The run of that id as it is, or `None`."""
    return _KEPT.get(execute_id)


def start(agent: Agent, body: dict[str, Any], mode: int) -> Run:
    """Run a workflow; the log has it at once."""
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
    """Let a running workflow come to its end, unless it waits for an answer."""
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
    for running in _RUNNING.select():
        if running.until > context.now():
            caching.expires(running.until)
        else:
            _settle(running)


@atomic
def _settle(running: _Running) -> None:
    if run := _KEPT.get(running.execute_id):
        finish(run)


def _reported(run: Run) -> Run:
    """*run* after its reporting node, if it has one: a row that cannot be written makes it fail."""
    report = context.mock().report_run
    if report is None:
        return run
    problem = report(run.execute_id, run.workflow_id, run.at, run.input_len, _LATENCY)
    if not problem:
        return run
    context.current().near_misses.append(f"the reporting node failed: {problem}")
    return run if run.fails else replace(run, fails=True, problem=problem)


def resume(body: dict[str, Any], agent: Agent) -> Run:
    """Go on after the question that the event was about."""
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
    """A run; 4314 if there is none.

    An asynchronous one runs until its time is over, or until somebody looks at it a second time: a clock
    that stands still would never end it.
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
    """What a run that is no stream answers (contract 3.7.1)."""
    head = {"debug_url": run.debug_url, "execute_id": run.execute_id}
    if run.event_id and run.mode != ASYNCHRONOUS:
        return ok(data="", interrupt_data=run.interrupt, usage=run.usage, **head)
    if run.status == "Running":
        return ok(**head)
    if run.fails:
        return {**ok(**head), "code": int(run.error.code), "msg": run.error.message}
    return ok(data=run.output, usage=run.usage, **head)


def history(run: Run) -> dict[str, Any]:
    """A run as its history shows it (contract 3.7.6)."""
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
