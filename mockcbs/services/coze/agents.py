"""Bots and workflows: those of the dataset, those that clients create and, unless strict, any other."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import accounts, errors, usage
from mockcbs.services.coze.envelope import API_CHANNEL, WORKSPACE, new_id, seconds
from mockcbs.services.coze.errors import CozeError
from mockcbs.services.coze.records import Records
from mockcbs.services.coze.schemas.fields import MAX_ID_DIGITS
from mockcbs.traffic.bots import ANY
from mockcbs.web import context

Kind = Literal["bot", "workflow", "chatflow"]

MIN_DIGITS = 16
"""The number of digits of the shortest bot id."""

ClientTool = dict[str, str]
"""A plugin that the client runs: ``name``, ``arguments`` (JSON) and ``when``, words that call it."""

_DEFAULT_TOOL = {"name": "local_data_assistant", "arguments": '{"location":"南京"}', "when": ""}
CREATED = 1_609_430_400
"""The creation time of what a dataset names: 2021-01-01 in Shanghai, the first day that can have traffic."""


@dataclass(frozen=True)
class Agent:
    """A bot or a workflow."""

    id: str
    kind: Kind
    name: str
    description: str = ""
    channels: tuple[str, ...] = (API_CHANNEL,)
    """The channels that it is published to."""
    owned: bool = True
    greeting: str = ""
    suggested: tuple[str, ...] = ()
    prompt: str = ""
    output: dict[str, Any] | None = None
    question: str = ""
    tools: tuple[ClientTool, ...] = ()
    """The plugins that the client runs."""
    created_at: int = CREATED
    updated_at: int = CREATED
    published_at: int = CREATED
    workspace_id: str = WORKSPACE

    @property
    def published(self) -> bool:
        """Whether it can be called through the API."""
        return API_CHANNEL in self.channels

    def called(self, question: str, *, steered: bool) -> tuple[ClientTool, ...]:
        """The client's plugins that a question calls; *steered* calls all of them."""
        if steered:
            return self.tools or (_DEFAULT_TOOL,)
        return tuple(tool for tool in self.tools if tool["when"] and tool["when"] in question)


_KEPT = Records(usage.AGENTS, Agent)


def bot(bot_id: str, missing: CozeError = errors.RESOURCE_NOT_FOUND) -> Agent:
    """The bot with that id; raises `ApiError` if it is unknown or the caller may not use it."""
    agent = _find(bot_id, ("bot",), missing)
    bots: tuple[str, ...] = context.current().caller.bots
    if bots and bot_id not in bots:
        raise ApiError(errors.FORBIDDEN, f"the token is valid only for {', '.join(bots)}")
    return agent


def published_bot(bot_id: str, missing: CozeError = errors.RESOURCE_NOT_FOUND) -> Agent:
    """The bot with that id; raises `ApiError` also if it is not published to the API channel."""
    agent = bot(bot_id, missing)
    if not agent.published:
        message = errors.NOT_PUBLISHED.message.replace("bot_id", f"bot_id {bot_id}", 1)
        raise ApiError(errors.NOT_PUBLISHED, f"bot {bot_id} is a draft", message=message)
    return agent


def workflow(workflow_id: str, *kinds: Kind) -> Agent:
    """The workflow or chatflow with that id; raises `ApiError` if it is unknown or not accessible."""
    return _find(workflow_id, kinds or ("workflow", "chatflow"), errors.RESOURCE_NOT_FOUND)


def published_workflow(workflow_id: str, *kinds: Kind) -> Agent:
    """The workflow with that id; an unpublished one counts as unknown (contract 3.7.1)."""
    agent = workflow(workflow_id, *kinds)
    if not agent.published:
        raise ApiError(errors.RESOURCE_NOT_FOUND, f"workflow {workflow_id} was never published")
    return agent


def listed(*kinds: Kind) -> list[Agent]:
    """The bots or workflows of the account, the last published first."""
    mock = context.mock()
    stored = {agent.id: agent for agent in _KEPT.select()}
    named = [_stated(bot_id) for bot_id in mock.dataset.bots if bot_id != ANY and bot_id.isdecimal()]
    known = {agent.id: agent for agent in named} | stored
    found = [agent for agent in known.values() if agent.kind in kinds and agent.owned]
    return sorted(found, key=lambda agent: (-agent.published_at, agent.id))


def create(name: str, **details: Any) -> Agent:
    """Create a bot; it is not published yet."""
    now = seconds()
    made = Agent(new_id(), "bot", name, channels=(), created_at=now, updated_at=now, published_at=0)
    return _keep(replace(made, **details))


def change(agent: Agent, **details: Any) -> Agent:
    """Change the *details* of a bot or workflow."""
    return _keep(replace(agent, updated_at=seconds(), **details))


def check_not_failing(agent_id: str) -> None:
    """Raise the error of an id that always fails: zeros and an error code."""
    if spec := errors.failing(agent_id):
        raise ApiError(spec, f"id {agent_id} always fails with this error")


def called(agent_id: str) -> Agent | None:
    """The bot or workflow with recorded calls of that id; `None` if another account owns it."""
    agent = _KEPT.get(agent_id)
    if agent is None:
        named = context.mock().dataset.names(agent_id)
        agent = _stated(agent_id) if named else Agent(agent_id, "bot", f"Bot {agent_id[-4:]}")
    return agent if agent.owned else None


def check_form(agent_id: str) -> None:
    """Refuse an id that is not decimal (4000)."""
    if not (agent_id.isascii() and agent_id.isdecimal() and len(agent_id) <= MAX_ID_DIGITS):
        raise errors.parameter(f"{agent_id!r} is not a decimal id", f" of up to {MAX_ID_DIGITS} digits")


def remember(agent: Agent) -> None:
    """Add a workflow that ran, and that was unknown before, to the list of workflows."""
    if _KEPT.get(agent.id) is None and not context.mock().dataset.names(agent.id):
        _KEPT.put(agent.id, agent)


def _find(agent_id: str, kinds: tuple[Kind, ...], missing: CozeError) -> Agent:
    check_not_failing(agent_id)
    check_form(agent_id)
    mock = context.mock()
    if kept := _KEPT.get(agent_id):
        agent = kept
    elif mock.dataset.names(agent_id):
        agent = _stated(agent_id)
    elif mock.settings.strict:
        raise ApiError(
            missing, f"dataset {mock.dataset.name} does not contain {agent_id}, and no client created it"
        )
    elif len(agent_id) < MIN_DIGITS:
        length = f"ids of Coze have {MIN_DIGITS} to 20 digits, {agent_id} has {len(agent_id)}"
        raise ApiError(missing, f"{length}; and dataset {mock.dataset.name} does not contain it")
    else:
        agent = Agent(agent_id, kinds[0], f"{kinds[0].capitalize()} {agent_id[-4:]}")
    if agent.kind not in kinds:
        raise ApiError(missing, f"{agent_id} is a {agent.kind}")
    if not agent.owned:
        raise ApiError(errors.FORBIDDEN, f"{agent_id} belongs to another account")
    return agent


def _stated(agent_id: str) -> Agent:
    stated = context.mock().dataset.bot(agent_id)
    card = stated.card
    return Agent(
        agent_id,
        card.kind,
        stated.name or f"{card.kind.capitalize()} {agent_id[-4:]}",
        card.description,
        (API_CHANNEL,) if card.published else (),
        card.owned,
        card.greeting,
        card.suggested,
        output=None if card.output is None else dict(card.output),
        question=card.question,
        tools=tuple(tool._asdict() for tool in card.tools),
    )


def _keep(agent: Agent) -> Agent:
    context.mock().changes.bump(accounts.scope(), agent.id)
    return _KEPT.put(agent.id, agent)
