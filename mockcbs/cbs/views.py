"""The routes of CBS."""

import re
from typing import Any, NoReturn

from flask import g
from flask_smorest import Blueprint
from marshmallow import Schema

from mockcbs import state
from mockcbs.arguments import Parser
from mockcbs.cbs import errors, schemas, statistics
from mockcbs.errors import ApiError

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class _CbsParser(Parser):
    def refuse(self, schema: Schema, problems: dict[str, str]) -> NoReturn:
        del schema
        raise ApiError(errors.REQUEST_PARAMETER_ERROR, "; ".join(problems.values()))


class _CbsBlueprint(Blueprint):
    ARGUMENTS_PARSER = _CbsParser()


blp = _CbsBlueprint("cbs", __name__, url_prefix="/v1/<project_id>/qabots/<qabot_id>")


@blp.url_value_preprocessor
def _keep_path(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Take the ids that every path holds, so that views need not."""
    del endpoint
    g.project_id, g.bot_id = (values or {}).pop("project_id"), (values or {}).pop("qabot_id")


@blp.before_request
def _check_project_and_bot() -> None:
    """Project and bot come before anything else of the call (contract 6.3)."""
    mock = state.current()
    if mock.settings.strict and g.caller.project_id not in {None, g.project_id}:
        reason = f"the token is for project {g.caller.project_id}, the path says {g.project_id}"
        raise ApiError(errors.AUTH_FAILED, reason)
    if spec := errors.FAILING_BOTS.get(g.bot_id):
        raise ApiError(spec, f"bot id {g.bot_id} always fails so")
    if _UUID.fullmatch(g.bot_id) is None:
        raise ApiError(errors.QABOT_NOT_FOUND, f"bot id {g.bot_id!r} is no UUID")
    g.bot_id = g.bot_id.lower()
    if mock.settings.strict and not mock.dataset.names(g.bot_id):
        reason = f"dataset {mock.dataset.name} names no bot {g.bot_id} (--strict)"
        raise ApiError(errors.QABOT_NOT_FOUND, reason)


def _view(operation: Any, query: dict[str, Any]) -> dict[str, Any]:
    mock = state.current()
    asked = statistics.resolve(query, state.now(), mock.default_start)
    answer: dict[str, Any] = operation(mock.log.bot(g.bot_id, state.now(), g.project_id), asked, query)
    return answer


@blp.get("/requests/session-stats")
@blp.arguments(schemas.SessionStatsQuery(), location="query")
@blp.alt_response(200, schema=schemas.SessionStats)
@blp.alt_response(400, schema=schemas.Failure)
def session_stats(query: dict[str, Any]) -> dict[str, Any]:
    """访问统计: sessions, users, mean rounds, mean duration."""
    return _view(statistics.session_stats, query)


@blp.get("/requests/reply-rates")
@blp.arguments(schemas.ReplyRatesQuery(), location="query")
@blp.alt_response(200, schema=schemas.ReplyRates)
@blp.alt_response(400, schema=schemas.Failure)
def reply_rates(query: dict[str, Any]) -> dict[str, Any]:
    """问答统计: how questions were answered."""
    return _view(statistics.reply_rates, query)


@blp.get("/qa-pairs/hots")
@blp.arguments(schemas.HotQuestionsQuery(), location="query")
@blp.alt_response(200, schema=schemas.HotQuestions)
@blp.alt_response(400, schema=schemas.Failure)
def hot_questions(query: dict[str, Any]) -> dict[str, Any]:
    """热点问题统计: standard questions hit most often."""
    return _view(statistics.hot_questions, query)


@blp.get("/requests/keywords")
@blp.arguments(schemas.KeywordsQuery(), location="query")
@blp.alt_response(200, schema=schemas.Keywords)
@blp.alt_response(400, schema=schemas.Failure)
def keywords(query: dict[str, Any]) -> dict[str, Any]:
    """关键词统计: words users asked about most."""
    return _view(statistics.keywords, query)
