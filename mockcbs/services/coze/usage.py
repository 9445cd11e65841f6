"""The events of an execution, for raw logs and for webhooks (contract coze 1.5.3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from mockcbs.backend.documents import Documents
from mockcbs.core import masking
from mockcbs.services.coze import channels
from mockcbs.services.coze.envelope import API_CHANNEL, derived_id, execution_id
from mockcbs.services.shown import MadeBot, Totals
from mockcbs.state import State
from mockcbs.traffic.knowledge import Failure, Turn, Utterance
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.session_ids import begun
from mockcbs.traffic.table import Execution
from mockcbs.traffic.turns import distinct

Body = dict[str, Any]
"""An event in the form of the API."""

AGENTS, CHATS = "coze.agent", "coze.chat"
"""The kinds of the documents that store bots and chats."""
_NO_MESSAGES: Mapping[str, str] = MappingProxyType({})

FAILURES: dict[Failure | None, tuple[int, str]] = {
    None: (5000, "internal error"),
    "internal": (5000, "internal error"),
    "timeout": (5000, "The model did not answer in time."),
    "throttled": (4020, "The Volcengine RPM peak is exceeded."),
    "too_long": (4010, "The prompt exceeds the token limit of the model."),
    "refused": (4102, "The request was stopped by risk control."),
    "unanswerable": (4014, "The bot cannot answer this question."),
}
"""The published code and message of each failure (contract coze 2.4)."""
_ENGINE_FAILED = (720702222, "The workflow failed to execute.")
"""The message of the workflow engine for its own failures."""

TYPES = ("session.started", "message.sent", "execution.completed", "execution.failed")
STATUSES = ("started", "sent", "success", "failed")


@dataclass(frozen=True)
class Kind:
    """The kind of a usage event."""

    type: str
    status: str
    role: str = ""
    """The sender of the message, ``user`` or ``assistant``."""

    @property
    def is_end(self) -> bool:
        """Whether it marks the end of an execution."""
        return self.role == "assistant" or self.type.startswith("execution")


STARTED = Kind("session.started", "started")
ASKED = Kind("message.sent", "sent", "user")
REPLIED = Kind("message.sent", "sent", "assistant")
COMPLETED = Kind("execution.completed", "success")
FAILED = Kind("execution.failed", "failed")


def kinds(said: Utterance, *, opens: bool, silent: bool) -> Iterator[Kind]:
    """The events of an execution, in order.

    *opens* says that the execution opens its session; *silent* that it stores no messages, like a plain
    workflow.
    """
    if opens:
        yield STARTED
    if not silent:
        yield ASKED
    if said.unfinished:
        return
    if said.failed:
        yield FAILED
        return
    if not silent:
        yield REPLIED
    yield COMPLETED


def executions(log: TrafficLog, bot_id: str) -> Execution:
    """The ids of the chats, runs and channels of a bot's turns (a `mockcbs.traffic.table.Executions`).

    A run of a workflow is not a chat, and a chat has no id of an execution, as in the events of both.
    """
    is_workflow = log.dataset.bot(bot_id).card.kind == "workflow"

    @lru_cache(4096)  # the sessions of a day
    def channel_of(session_id: str, user_id: str, begun: int) -> str:
        stated = log.is_stated(bot_id, session_id)
        return channels.of_session(log, bot_id, user_id, begun, stated=stated)

    def execution(turn: Turn, earlier: int, begun: int | None) -> tuple[str, str, str]:
        if begun is None:
            channel, silent = API_CHANNEL, not turn.said.template
        else:
            channel, silent = channel_of(turn.session_id, turn.user_id, begun), is_workflow
        executed = execution_id(turn.session_id, turn.at_ms, earlier)
        return ("", executed, channel) if silent else (executed, "", channel)

    return execution


def message_ids(documents: Documents, scope: str, execute_id: str) -> dict[str, str]:
    """The ids of the question and the answer of a chat, by role, if clients can look them up."""
    chat = documents.get(CHATS, scope, execute_id)
    if chat is None or not chat["saved"]:
        return {}
    answers = [message["id"] for message in chat["messages"] if message["type"] == "answer"]
    found = {"user": chat["inserted"][-1:], "assistant": answers[:1]}
    return {role: ids[0] for role, ids in found.items() if ids}


def body(
    turn: Turn,
    kind: Kind,
    *,
    earlier: int,
    connector_id: str,
    silent: bool,
    is_workflow: bool = False,
    messages: Mapping[str, str] = _NO_MESSAGES,
) -> Body:
    """The event in the form of the API.

    *earlier* is the number of earlier executions of the session that began at the same time. *is_workflow*
    says that the id belongs to a workflow or chatflow. *messages* are the ids from `message_ids`.
    """
    executed = execution_id(turn.session_id, turn.at_ms, earlier)
    content: dict[str, Any] = {
        "event_id": f"evt-{derived_id(executed, kind.type, kind.role, at=turn.at_ms)}",
        "event_type": kind.type,
        ("workflow_id" if is_workflow or silent else "bot_id"): turn.bot_id,
        "session_id": turn.session_id,
        ("execute_id" if silent else "chat_id"): executed,
        "user_id": turn.user_id,
        "connector_id": connector_id,
        "trigger_time": turn.at_ms,
        "timestamp": turn.at_ms + (turn.latency_ms if kind.is_end else 0),
        "status": kind.status,
    }
    if kind.role:
        content["role"] = kind.role
        content["message_id"] = messages.get(kind.role) or derived_id(
            executed, "message", kind.role, at=turn.at_ms
        )
    if kind in {COMPLETED, FAILED}:
        content["duration_ms"] = turn.latency_ms
    if kind == FAILED:
        own = is_workflow and turn.said.failure in {"internal", "timeout"}
        code, message = _ENGINE_FAILED if own else FAILURES[turn.said.failure]
        content.update(error_code=code, error_message=message)
    return content


def events(mock: State, turn: Turn, scope: str | None) -> list[Body]:
    """All events of *turn*, in order of time.

    *scope* is the scope of a recorded turn, `None` for others. Events later than the start of the turn belong
    to its end.
    """
    if scope is None:
        kind_of_bot = mock.dataset.bot(turn.bot_id).card.kind
        silent, messages = kind_of_bot == "workflow", _NO_MESSAGES
        begun, stated = _begun(mock, turn), mock.log.is_stated(turn.bot_id, turn.session_id)
        # The id of a generated session contains the second of its start; that second has no other question.
        earlier, opens = 0, begun == (turn.at_ms if stated else turn.at_ms // 1000 * 1000)
        channel = channels.of_session(mock.log, turn.bot_id, turn.user_id, begun, stated=stated)
    else:
        silent = not turn.said.template  # a run without a question belongs to a workflow, whatever the id
        session = _recorded(mock, turn, scope)
        earlier = sum(other.at_ms == turn.at_ms for other in session)
        opens, channel = not session, API_CHANNEL
        kept = mock.documents.get(AGENTS, scope, turn.bot_id)
        kind_of_bot = kept["kind"] if kept else mock.dataset.bot(turn.bot_id).card.kind
        messages = message_ids(mock.documents, scope, execution_id(turn.session_id, turn.at_ms, earlier))
    return [
        body(
            turn,
            kind,
            earlier=earlier,
            connector_id=channel,
            silent=silent,
            is_workflow=kind_of_bot != "bot",
            messages=messages,
        )
        for kind in kinds(turn.said, opens=opens, silent=silent)
    ]


def _begun(mock: State, turn: Turn) -> int:
    """The start of the session of a generated or stated turn (ms UTC)."""
    for session in mock.dataset.bot(turn.bot_id).sessions:
        if session.id == turn.session_id:
            return min(stated.at for stated in session.turns)
    return begun(turn.session_id) or turn.at_ms


def _recorded(mock: State, turn: Turn, scope: str) -> list[Turn]:
    """The recorded turns of the same session before *turn*, which may not be recorded yet."""
    recording = mock.log.recordings.of(scope, turn.bot_id)
    session = [one for one in (recording.turns if recording else ()) if one.session_id == turn.session_id]
    places = [place for place, one in enumerate(session) if one is turn] or [
        place
        for place, one in enumerate(session)
        if (one.at_ms, one.user_id, one.said.template) == (turn.at_ms, turn.user_id, turn.said.template)
        and one.said.unfinished
    ]
    return session[: places[-1]] if places else session


def totals(mock: State, bot_id: str, span: tuple[int, int], slow_ms: int, scope: str) -> Totals:
    """The figures of a bot or workflow in a *span* (ms UTC, end excluded) up to now."""
    (low, high), scope = span, scope or masking.digest(mock.settings.coze_token)
    now = mock.clock_of(scope).now()
    log = mock.log.bot(bot_id, now, scope)
    turns = log.view.turns
    start, stop = turns.at.searchsorted([low, min(high, now + 1)])
    picked = turns.take(slice(int(start), int(stop)))
    endings = log.repertoire.endings
    ended = ~endings.unfinished[picked.utterance]
    users = {log.cast.name(user) for user in distinct(picked.user).tolist()} - {""}
    return Totals(
        len(picked),
        int(ended.sum()),
        int((ended & endings.failed[picked.utterance]).sum()),
        int(picked.latency[ended].sum()),
        int((picked.latency[ended] > slow_ms).sum()),
        frozenset(users),
    )


def made_bots(mock: State, scope: str) -> list[MadeBot]:
    """The bots and workflows that clients created in that scope."""
    found = mock.documents.select(AGENTS, scope)
    return [MadeBot(one["id"], one["name"], one["kind"]) for one in found if one["owned"]]
