"""Usage statistics and raw events of bots and workflows (contract 1.4)."""

from typing import Any

from mockcbs.core.waiting import leave_loop
from mockcbs.services.coze import accounts, agents, analytics
from mockcbs.services.coze.agents import Agent
from mockcbs.services.coze.envelope import ok
from mockcbs.services.coze.events import Events
from mockcbs.services.coze.schemas import analytics as schemas
from mockcbs.services.coze.settling import settle
from mockcbs.services.coze.views.base import blp
from mockcbs.traffic.log import BotLog
from mockcbs.traffic.outside import outside
from mockcbs.traffic.periods import DAY, HOUR
from mockcbs.web import context
from mockcbs.web.cache import caching
from mockcbs.web.paging import page

_MANY = 100_000
"""The number of turns that take about 20 ms to scan."""


@blp.get("/v1/bots/<bot_id>/analytics")
@blp.arguments(schemas.AnalyticsQuery, location="query")
@blp.answers("Analytics")
@caching.by_query
def bot_analytics(query: dict[str, Any], bot_id: str) -> dict[str, Any]:
    """使用统计: messages, calls, users, sessions, rates and response times of a bot."""
    return _metrics(agents.bot(bot_id), query)


@blp.get("/v1/workflows/<workflow_id>/analytics")
@blp.arguments(schemas.AnalyticsQuery, location="query")
@blp.answers("Analytics")
@caching.by_query
def workflow_analytics(query: dict[str, Any], workflow_id: str) -> dict[str, Any]:
    """使用统计: the same figures for a workflow."""
    return _metrics(agents.workflow(workflow_id), query)


@blp.get("/v1/bots/<bot_id>/analytics/logs")
@blp.arguments(schemas.LogsQuery, location="query")
@blp.answers("Logs")
@caching.by_query
def bot_logs(query: dict[str, Any], bot_id: str) -> dict[str, Any]:
    """原始行为日志: sessions, messages and executions of a bot, one by one."""
    return _events(agents.bot(bot_id), query)


@blp.get("/v1/workflows/<workflow_id>/analytics/logs")
@blp.arguments(schemas.LogsQuery, location="query")
@blp.answers("Logs")
@caching.by_query
def workflow_logs(query: dict[str, Any], workflow_id: str) -> dict[str, Any]:
    """原始行为日志: executions of a workflow, one by one."""
    return _events(agents.workflow(workflow_id), query)


def _metrics(agent: Agent, query: dict[str, Any]) -> dict[str, Any]:
    asked = question_of(agent, query)
    log = log_of(agent)
    if asked.is_filtered:
        leave_loop_for(log)
    return ok(data=analytics.written(log, asked))


def _events(agent: Agent, query: dict[str, Any]) -> dict[str, Any]:
    here = page(query["page_num"], query["page_size"])
    kinds, statuses = frozenset(query["event_type"]), frozenset(query["status"])
    log = log_of(agent)
    leave_loop_for(log)
    found = Events(log, question_of(agent, query), kinds, statuses)
    items, total = found.page(here, context.mock().documents), found.total
    return ok(data={"items": items, "total": total, "has_more": here.stop < total})


def log_of(agent: Agent) -> BotLog:
    """The log of a bot or workflow up to now."""
    settle()
    owner = accounts.scope()
    caching.depends_on((owner, agent.id))
    log = context.mock().log.bot(agent.id, context.now(), owner)
    caching.expires(min(log.true_until, (context.now() // HOUR + 1) * HOUR))
    return log


def leave_loop_for(log: BotLog) -> None:
    """Leave the event loop before all turns of *log* are scanned, if they are many."""
    if sum(len(layer.turns) for layer in log.view.layers) > _MANY:
        leave_loop()


def question_of(agent: Agent, query: dict[str, Any]) -> analytics.Question:
    """The question of a query to its log."""
    start = query["start_date"] * DAY - analytics.OFFSET
    end = (query["end_date"] + 1) * DAY - analytics.OFFSET - 1
    if remark := outside(context.mock().log, agent.id, accounts.scope(), (start, end), context.now()):
        context.current().near_misses.append(remark)
        caching.never()
    return analytics.Question(
        agent.id,
        query["start_date"],
        query["end_date"],
        context.now(),
        query.get("granularity", "day"),
        query["session_id"],
        query["user_id"],
        query["connector_id"],
        is_workflow=agent.kind != "bot",
        scope=accounts.scope(),
        silent=agent.kind == "workflow",
    )
