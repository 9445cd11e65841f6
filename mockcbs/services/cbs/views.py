"""The routes of CBS."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from flask import Response
from marshmallow import Schema

from mockcbs.core.errors import ApiError
from mockcbs.services.cbs import dialogue_responses, dialogue_schemas, errors, schemas, statistics
from mockcbs.state import State
from mockcbs.traffic.outside import in_seconds, outside
from mockcbs.web import context
from mockcbs.web.arguments import Blueprint, Parser
from mockcbs.web.cache import caching

if TYPE_CHECKING:
    from mockcbs.services.cbs.dialogue import Dialogue

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class _CbsParser(Parser):
    def given(self, sent: Mapping[str, list[str]], schema: Schema) -> dict[str, Any]:
        """Read the query as other services do; ``--lenient-interval`` supplies the mandatory interval."""
        given = super().given(sent, schema)
        if isinstance(schema, schemas.SessionStatsQuery) and context.mock().settings.lenient_interval:
            given.setdefault("interval", "day")
        return given

    def refuse(self, schema: Schema, problems: dict[str, str]) -> NoReturn:
        if isinstance(schema, schemas.Query):
            raise ApiError(errors.REQUEST_PARAMETER_ERROR, "; ".join(problems.values()))
        sentences = (f"{member}: {text}" for member, text in problems.items())
        raise ApiError(errors.REQUEST_BODY_INVALID, "; ".join(sentences))


class _CbsBlueprint(Blueprint):
    ARGUMENTS_PARSER = _CbsParser()


blp = _CbsBlueprint("cbs", __name__, url_prefix="/v1/<project_id>/qabots/<qabot_id>")


@blp.url_value_preprocessor
def _keep_path(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Store the ids in the path in the context, so that views need no arguments for them."""
    del endpoint
    path = values or {}
    path.pop("project_id")  # the application has read them already
    bot_id = path.pop("qabot_id")
    context.current().bot_id = bot_id.lower() if _UUID.fullmatch(bot_id) else bot_id


def _ids() -> tuple[str, str]:
    """The project and the bot of the current request."""
    this = context.current()
    return this.project or "", this.bot_id or ""


@blp.before_request
def check_project_and_bot() -> None:
    """Check the project and the bot before the rest of the call (contract 6.3)."""
    mock, caller = context.mock(), context.current().caller
    project_id, bot_id = _ids()
    if mock.settings.strict and caller.project_id not in {None, project_id}:
        reason = f"the token is for project {caller.project_id}, the path says {project_id}"
        raise ApiError(errors.AUTH_FAILED, reason)
    if spec := errors.FAILING_BOTS.get(bot_id):
        raise ApiError(spec, f"bot id {bot_id} always fails with this error")
    if _UUID.fullmatch(bot_id) is None:
        raise ApiError(errors.QABOT_NOT_FOUND, f"bot id {bot_id!r} is not a UUID")
    if mock.settings.strict and not mock.dataset.names(bot_id):
        reason = f"dataset {mock.dataset.name} has no bot {bot_id} (--strict)"
        raise ApiError(errors.QABOT_NOT_FOUND, reason)


def _read(operation: statistics.Operation, query: statistics.Query) -> dict[str, Any]:
    mock, now, (project_id, bot_id) = context.mock(), context.now(), _ids()
    span = statistics.resolve(query, now, mock.default_start)
    caching.depends_on((project_id, bot_id))
    bot = mock.log.bot(bot_id, now, project_id)
    caching.expires(bot.true_until)
    if query["end_time"] is None:
        caching.expires(statistics.next_start(query, now, mock.default_start))
        caching.differs(f'"endutc":{now}', lambda at, _: f'"endutc":{at}')
    body = operation(bot, span, query)
    note_surprises(mock, query, now)
    return body


def note_surprises(mock: State, query: statistics.Query, now: int) -> None:
    """Note why the figures may surprise: times given in seconds, or a range without traffic."""
    project_id, bot_id = _ids()
    start, end = query["start_time"], query["end_time"]
    found = [in_seconds("start_time", start), in_seconds("end_time", end)]
    if not any(found):
        span = start or 0, now if end is None else end
        found = [outside(mock.log, bot_id, project_id, span, now)]
    if remarks := [remark for remark in found if remark]:
        context.current().near_misses += remarks
        caching.never()


@blp.get("/requests/session-stats")
@blp.arguments(schemas.SessionStatsQuery, location="query")
@blp.alt_response(200, schema=schemas.SessionStats)
@caching.by_query
def session_stats(query: dict[str, Any]) -> dict[str, Any]:
    """访问统计: sessions, users, mean rounds, mean duration."""
    return _read(statistics.session_stats, query)


@blp.get("/requests/reply-rates")
@blp.arguments(schemas.ReplyRatesQuery, location="query")
@blp.alt_response(200, schema=schemas.ReplyRates)
@caching.by_query
def reply_rates(query: dict[str, Any]) -> dict[str, Any]:
    """问答统计: questions by outcome."""
    return _read(statistics.reply_rates, query)


@blp.get("/qa-pairs/hots")
@blp.arguments(schemas.HotQuestionsQuery, location="query")
@blp.alt_response(200, schema=schemas.HotQuestions)
@caching.by_query
def hot_questions(query: dict[str, Any]) -> dict[str, Any]:
    """热点问题统计: the most frequent standard questions."""
    return _read(statistics.hot_questions, query)


@blp.get("/requests/keywords")
@blp.arguments(schemas.KeywordsQuery, location="query")
@blp.alt_response(200, schema=schemas.Keywords)
@caching.by_query
def keywords(query: dict[str, Any]) -> dict[str, Any]:
    """关键词统计: the most frequent keywords."""
    return _read(statistics.keywords, query)


def _dialogue() -> "Dialogue":
    from mockcbs.services.cbs.dialogue import Dialogue  # noqa: PLC0415 - statistics need no engine

    return Dialogue(context.mock(), *_ids(), context.now())


@blp.post("/chat")
@blp.arguments(dialogue_schemas.ChatQuestion)
@blp.alt_response(200, schema=dialogue_responses.ChatAnswer)
@caching.by_body
def chat(body: dict[str, Any]) -> dict[str, Any]:
    """问答机器人会话: a question in a conversation."""
    return _dialogue().chat(body)


@blp.post("/requests")
@blp.arguments(dialogue_schemas.SingleQuestion)
@blp.alt_response(200, schema=dialogue_responses.SingleAnswer)
@caching.by_body
def single_round(body: dict[str, Any]) -> dict[str, Any]:
    """单轮问答: the best matches for one question."""
    return _dialogue().single_round(body)


@blp.post("/sessions")
@blp.alt_response(200, schema=dialogue_responses.OpenedSession)
def open_session() -> dict[str, Any]:
    """开启会话: open a session."""
    return _dialogue().open_session()


@blp.post("/sessions/<session_id>")
@blp.arguments(dialogue_schemas.SessionQuestion)
@blp.alt_response(200, schema=dialogue_responses.SessionAnswer)
@caching.by_body
def execute_session(body: dict[str, Any], session_id: str) -> dict[str, Any]:
    """处理会话: a question in an open session."""
    return _dialogue().execute_session(session_id, body)


@blp.delete("/sessions/<session_id>")
@blp.alt_response(200, description="An empty body.")
def close_session(session_id: str) -> Response:
    """关闭会话: close a session."""
    _dialogue().close_session(session_id)
    return Response(mimetype="application/json")


@blp.post("/suggestions")
@blp.arguments(dialogue_schemas.SuggestionsQuestion)
@blp.alt_response(200, schema=dialogue_responses.Suggestions)
@caching.by_body
def suggestions(body: dict[str, Any]) -> dict[str, Any]:
    """获取问题提示: standard questions that contain the typed text."""
    return _dialogue().suggestions(body)


@blp.post("/requests/<request_id>/labor")
@blp.alt_response(200, schema=dialogue_responses.Tagged)
def tag_labor(request_id: str) -> dict[str, Any]:
    """标记为转人工: mark that a human took over."""
    return _dialogue().tag(request_id, labor=True)


@blp.post("/requests/<request_id>/satisfaction")
@blp.arguments(dialogue_schemas.Rating)
@blp.alt_response(200, schema=dialogue_responses.Tagged)
@caching.by_body
def tag_satisfaction(body: dict[str, Any], request_id: str) -> dict[str, Any]:
    """问答满意评价: rate an answer."""
    return _dialogue().tag(request_id, **body)
