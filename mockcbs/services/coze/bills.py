"""Bills: exports of the cost of executions on some days, and their files (contract 1.3.2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mockcbs.core.csv_text import csv_text
from mockcbs.core.errors import ApiError
from mockcbs.core.numbers import compact
from mockcbs.services.coze import accounts, agents, answers, billing, chat, errors, runs, usage
from mockcbs.services.coze.agents import Agent
from mockcbs.services.coze.envelope import BILL_FILES_PATH, SHANGHAI, new_id, seconds
from mockcbs.services.coze.records import Records
from mockcbs.services.coze.settling import settle
from mockcbs.services.coze.tokens import Token, TokenMint
from mockcbs.traffic.knowledge import Turn, Utterance
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.table import Table
from mockcbs.web import context

DAY_SECONDS = DAY // 1000
_OFFSET = 8 * 3600
_LIFETIME = 7 * DAY_SECONDS
"""The lifetime of links to files, in seconds."""
PURPOSE = "bill"
"""The purpose in the signature of a link."""


@dataclass(frozen=True)
class Task:
    """An export of the bill for some days."""

    task_id: str
    started_at: int
    """A midnight in Shanghai; all times here are Unix seconds."""
    ended_at: int
    created_at: int
    expires_at: int


_KEPT = Records("coze.bill_task", Task)


def create(started_at: int, ended_at: int) -> Task:
    """Create an export of whole days before today; raises `ApiError` 4000 for other times."""
    if (started_at + _OFFSET) % DAY_SECONDS or (ended_at + _OFFSET) % DAY_SECONDS:
        raise errors.parameter("started_at and ended_at must be midnights in Shanghai (UTC+8)")
    if ended_at <= started_at:
        raise errors.parameter("ended_at must lie after started_at")
    if ended_at > (seconds() + _OFFSET) // DAY_SECONDS * DAY_SECONDS - _OFFSET:
        raise errors.parameter("today cannot be exported: ended_at must not be after last midnight")
    task = Task(new_id(), started_at, ended_at, seconds(), seconds() + _LIFETIME)
    return _KEPT.put(task.task_id, task)


def listed(task_ids: list[str]) -> list[Task]:
    """The tasks of the account, newest first; if *task_ids* are given, only those."""
    return [task for task in reversed(_KEPT.select()) if not task_ids or task.task_id in task_ids]


def link(task: Task, host_url: str) -> str:
    """The link to the file of a task; until it expires, anyone with the link can download the file."""
    token = Token(PURPOSE, task.task_id, task.expires_at, task.task_id, accounts.scope())
    return f"{host_url.rstrip('/')}{BILL_FILES_PATH}{task.task_id}.csv?sign={_mint().issue(token, 'bill_')}"


def is_signed(task: Task, signature: str) -> bool:
    """Whether the *signature* of a link is valid for the file of *task*."""
    token = _mint().read(signature)
    return token is not None and token.number == task.task_id


def find(task_id: str) -> Task:
    """The task with that id; raises `ApiError` 4200."""
    if found := _KEPT.get(task_id):
        return found
    raise ApiError(errors.RESOURCE_NOT_FOUND, f"no bill task {task_id} was created here")


def pieces(task: Task) -> Iterator[str]:
    """The file of a task, in pieces: a line of names, then a row for every execution that has ended."""
    settle()
    yield csv_text([list(billing.row(Turn("", "", "", 0, Utterance("", "chat")), "", "", _NOTHING, 0))])
    for agent in _billed():
        execution = usage.executions(context.mock().log, agent.id)
        for day in _table(agent, task).turns():
            ended = (turn for turn in day if not turn[0].said.unfinished)
            rows = [_row(agent, turn[0], turn[2], execution(*turn)) for turn in ended]
            if rows:
                yield csv_text([list(row.values()) for row in rows])


_NOTHING: billing.Usage = {"input_count": 0, "output_count": 0}


def _billed() -> list[Agent]:
    """The bots and workflows of the account, and others that it called."""
    own = {agent.id: agent for agent in agents.listed("bot", "workflow", "chatflow")}
    called = context.mock().log.recordings.bots(accounts.scope())
    others = [agents.called(agent_id) for agent_id in called if agent_id not in own]
    return [*own.values(), *filter(None, others)]


def _table(agent: Agent, task: Task) -> Table:
    first = (task.started_at + _OFFSET) // DAY_SECONDS
    last = (task.ended_at + _OFFSET) // DAY_SECONDS - 1
    mock = context.mock()
    return Table(
        mock.log,
        agent.id,
        context.now(),
        first,
        last,
        SHANGHAI,
        accounts.scope(),
        executions=usage.executions,
    )


def _row(agent: Agent, turn: Turn, begun: int | None, ids: tuple[str, str, str]) -> dict[str, Any]:
    chat_id, run_id, channel = ids
    execute_id = chat_id or run_id
    run = runs.peek(execute_id) if begun is None else None
    is_workflow = run is not None or agent.kind == "workflow"
    kept = run or (chat.CHATS.get(execute_id) if begun is None else None)
    spent = kept.usage if kept and kept.usage else _spent(agent, turn.said, is_workflow=is_workflow)
    return billing.row(turn, execute_id, channel, spent, billing.WORKFLOW if is_workflow else billing.BOT)


def _spent(agent: Agent, said: Utterance, *, is_workflow: bool) -> billing.Usage:
    """The tokens of an execution without stored messages; a failed one has no output."""
    if is_workflow:
        return runs.tokens("" if said.failed else compact(agent.output or {}))
    if said.failed:
        return chat.tokens(said.question, "")
    if said.pair and said.outcome == "direct":
        return chat.tokens(said.question, said.pair.answer or said.pair.question)
    _, answer = answers.reply(context.mock().answerer_of(agent.id), said.bare, agent.greeting)
    return chat.tokens(said.question, answer)


def _mint() -> TokenMint:
    return TokenMint(context.mock().settings.secret)
