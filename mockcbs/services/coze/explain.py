"""The turns and formulas behind usage statistics and raw events (contract 1.4)."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from flask import request

from mockcbs.core.clock import iso
from mockcbs.services.coze import agents, analytics, usage
from mockcbs.services.coze.agents import Agent
from mockcbs.services.coze.analytics import Question
from mockcbs.services.coze.events import Events
from mockcbs.services.coze.guard import Caller
from mockcbs.services.coze.schemas import analytics as schemas
from mockcbs.services.coze.views.analytics import leave_loop_for, log_of, question_of
from mockcbs.services.coze.views.base import blp
from mockcbs.services.explaining import (
    Explained,
    Explainer,
    Explanation,
    Narrowing,
    Rows,
    elsewhere,
    happened,
    quotient,
    value_at,
)
from mockcbs.traffic.log import BotLog
from mockcbs.traffic.turns import ANONYMOUS
from mockcbs.web import context
from mockcbs.web.paging import page

_SESSIONS = "count(distinct session_id, recorded)"
_METRIC = re.compile(r"data\.(?:summary|metrics\[([0-9]+)\])\.([a-z_]+)")
_ITEM = re.compile(r"data\.items\[([0-9]+)\]\.([a-z_]+)")
_TIMES = ("trigger_time", "timestamp", "duration_ms")
"""The figures of an event."""


@dataclass(frozen=True)
class _Asked:
    """A statistics request, its response, and the log behind it."""

    log: BotLog
    question: Question
    body: Mapping[str, Any]
    events: Events | None = None
    page: Sequence[tuple[int, usage.Kind]] = ()
    """The events of the page: the row of the turn in the log, and the kind."""

    def value(self, figure: str) -> Any:
        return value_at(self.body, figure)

    def in_range(self) -> Narrowing:
        """Keep the turns in the range that pass the filters."""
        turns, question = self.log.view.turns, self.question
        low, high = analytics.bounds(question)
        found = happened(self.log)
        found.keep(turns.at >= low, "before", f"lie before the range, which begins at {iso(low)}")
        found.keep(turns.at < high, "after", f"lie after the range, which ends before {iso(high)}")
        for name, passes in analytics.filters(self.log, question):
            found.keep(passes, "filter", f"have another {name} than {getattr(question, name)}")
        return found

    def explanation(self, found: Narrowing, formula: str, calculation: str) -> Explanation:
        low, _ = analytics.bounds(self.question)
        found.left_out += elsewhere(self.log, self.question.bot_id, self.question.scope, low)
        return found.explanation(formula, calculation)


def _metric(asked: _Asked, figure: str) -> Explanation:
    turns, question, value = asked.log.view.turns, asked.question, asked.value(figure)
    found = asked.in_range()
    place = _METRIC.fullmatch(figure)
    if place and place[1]:
        low, width = analytics.bounds(question)[0], analytics.WIDTHS[question.granularity]
        start = low + int(place[1]) * width
        inside = (turns.at >= start) & (turns.at < start + width)
        found.keep(
            inside, "period", f"lie in another {question.granularity} than the one from {iso(start)} on"
        )
    match figure.rpartition(".")[2]:
        case "total_calls":
            return asked.explanation(found, "count(turns)", f"{value}")
        case "unique_users":
            found.keep(turns.user != ANONYMOUS, "anonymous", "have no user_id")
            found.keep_first(turns.user, "are later turns of users who count already")
            return asked.explanation(found, "count(distinct user_id)", f"{value}")
        case "total_sessions":
            found.keep_first(turns.session, "are later turns of sessions that count already")
            return asked.explanation(found, _SESSIONS, f"{value}")
        case "total_messages" if question.silent:
            found.keep(np.zeros(len(turns), bool), "filter", "are executions of a workflow, without messages")
            return asked.explanation(found, "count(turns)", f"{value}")
    return _of_endings(asked, found, figure)


def _of_endings(asked: _Asked, found: Narrowing, figure: str) -> Explanation:
    """Figures that depend on the results of executions."""
    log, value = asked.log, asked.value(figure)
    turns, endings = log.view.turns, log.repertoire.endings
    ended = ~endings.unfinished[turns.utterance]
    good = ended & ~endings.failed[turns.utterance]
    completed = int(np.count_nonzero(found.kept & good))
    name = figure.rpartition(".")[2]
    if name == "total_messages":
        formula = "count(turns) + count(turns with status success)"
        return asked.explanation(found, formula, f"{len(found.rows)} + {completed} = {value}")
    found.keep(ended, "unended", "have not ended")
    count = len(found.rows)
    if name == "avg_response_time_ms":
        formula = "sum(latency_ms) / count(turns), rounded half up to 2 decimals; 0 if there are no turns"
        return asked.explanation(found, formula, quotient(int(turns.latency[found.rows].sum()), count, value))
    share = "count(turns with status success) / count(turns), rounded half up to 4 decimals"
    if name == "success_rate":
        formula = f"{share}; 1.0 if there are no turns"
        return asked.explanation(found, formula, quotient(completed, count, value))
    formula = f"1 - ({share}); 0.0 if there are no turns"
    return asked.explanation(found, formula, f"1 - {completed} / {count} = {value}")


def _total(asked: _Asked, events: Events) -> Explanation:
    found = asked.in_range()
    listed = np.zeros(len(asked.log.view.turns), bool)
    listed[events.with_events] = True
    found.keep(listed, "filter", "have no event that passes the filters")
    return asked.explanation(found, "sum over turns (length of events)", f"{events.total}")


def _event(asked: _Asked, figure: str) -> Explanation:
    if asked.events and figure == "data.total":
        return _total(asked, asked.events)
    turns, value = asked.log.view.turns, asked.value(figure)
    found = asked.in_range()
    place = _ITEM.fullmatch(figure)
    number, kind = asked.page[int(place[1] if place else 0)]
    listed = np.zeros(len(turns), bool)
    listed[number] = True
    found.keep(listed, "filter", "are not the turn of this event")
    if figure.endswith("duration_ms"):
        return asked.explanation(found, "latency_ms", f"{value}")
    if figure.endswith("trigger_time") or not kind.is_end:
        return asked.explanation(found, "at_ms", f"{value}")
    sum_ = f"{turns.at[number]} + {turns.latency[number]}"
    return asked.explanation(found, "at_ms + latency_ms", f"{sum_} = {value}")


def _types(events: Events, rows: Rows) -> Iterator[Mapping[str, Any]]:
    """The events of turns that pass the filters."""
    return ({"events": [kind.type for kind in events.kinds(number)]} for number in rows.tolist())


def _open() -> None:
    """Set mockcbs itself as caller; it may read every bot of the scope."""
    context.current().caller = Caller()


def _agent(find: Callable[[str], Agent]) -> Agent:
    ((_, agent_id),) = (request.view_args or {}).items()
    context.current().bot_id = agent_id
    return find(agent_id)


def _metrics(find: Callable[[str], Agent]) -> Explained:
    _open()
    agent = _agent(find)
    query = blp.ARGUMENTS_PARSER.parse(schemas.AnalyticsQuery, location="query")
    log, question = log_of(agent), question_of(agent, query)
    leave_loop_for(log)
    data = analytics.answer(log, question)
    rows = ["summary", *(f"metrics[{place}]" for place in range(len(data["metrics"])))]
    figures = [f"data.{row}.{name}" for row in rows for name in data["summary"]]
    asked = _Asked(log, question, {"data": data})
    return Explained(asked.body, figures, log, partial(_metric, asked))


def _logs(find: Callable[[str], Agent]) -> Explained:
    _open()
    agent = _agent(find)
    query = blp.ARGUMENTS_PARSER.parse(schemas.LogsQuery, location="query")
    log, question = log_of(agent), question_of(agent, query)
    leave_loop_for(log)
    here = page(query["page_num"], query["page_size"])
    kinds, statuses = frozenset(query["event_type"]), frozenset(query["status"])
    events = Events(log, question, kinds, statuses)
    items = events.page(here, context.mock().documents)
    body = {"data": {"items": items, "total": events.total}}
    figures = [
        "data.total",
        *(f"data.items[{n}].{name}" for n, item in enumerate(items) for name in _TIMES if name in item),
    ]
    asked = _Asked(log, question, body, events, events.on_page(here))
    return Explained(body, figures, log, partial(_event, asked), partial(_types, events))


EXPLAINERS: Mapping[str, Explainer] = {
    "coze.bot_analytics": partial(_metrics, agents.bot),
    "coze.workflow_analytics": partial(_metrics, agents.workflow),
    "coze.bot_logs": partial(_logs, agents.bot),
    "coze.workflow_logs": partial(_logs, agents.workflow),
}
"""The explainers, by operation."""
