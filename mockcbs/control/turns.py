"""``/_mockcbs/turns``: adds a question to the traffic, as if a user of the bot had asked it."""

import secrets
from typing import Any

from mockcbs.control.schemas import ScopeQuery
from mockcbs.control.views import blp
from mockcbs.core.clock import iso
from mockcbs.core.files import Instant, StrictSchema, number, one_of, text
from mockcbs.services import registry
from mockcbs.services.base import ANY_BOTS
from mockcbs.traffic.ids import bot_id
from mockcbs.traffic.knowledge import KnowledgeBase, Pair, Turn, Utterance
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.turns import OUTCOMES, Outcome
from mockcbs.web import context
from mockcbs.web.problems import Problem


class Question(StrictSchema):
    """A question with its user and its outcome."""

    bot = text(64, 1, required=True, metadata={"description": "A UUID of CBS, or the digits of Coze."})
    question = text(ANY_BOTS.max_question, 1, required=True)
    user = text(ANY_BOTS.max_id, load_default="")
    session = text(
        ANY_BOTS.max_id,
        load_default="",
        metadata={"description": "The session; by default the question opens a new one."},
    )
    at = Instant(metadata={"description": "The time of the question: ISO 8601 or epoch ms; by default now."})
    outcome = one_of(
        *OUTCOMES, metadata={"description": "The outcome; by default that of the knowledge base."}
    )
    latency_ms = number(0, DAY, load_default=0)


@blp.post("/turns")
@blp.arguments(ScopeQuery, location="query")
@blp.arguments(Question, location="json")
@blp.answers(200, "calls.RecordedTurn")
def add_turn(query: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    """Add a question to the traffic of a bot. All statistics count it at once."""
    mock, bot = context.mock(), _bot(asked["bot"])
    scope = query["scope"] or registry.default_scope(bot, mock.settings)
    at = asked.get("at", mock.clock_of(scope).now())
    session = asked["session"] or f"asked-{secrets.token_hex(6)}"
    utterance = said(mock.knowledge_of(bot), asked["question"], asked.get("outcome"))
    mock.log.record(Turn(bot, session, asked["user"], at, utterance, asked["latency_ms"]), scope)
    mock.catch_up()
    return {"bot": bot, "session": session, "at": iso(at), "outcome": utterance.outcome}


def said(knowledge: KnowledgeBase, question: str, outcome: Outcome | None) -> Utterance:
    """*question* with that outcome, by default the outcome of the knowledge base."""
    pair = next((one for one in knowledge.pairs if question in {one.question, *one.variants}), None)
    if outcome is None:
        outcome = "direct" if pair else "notmatch"
    if outcome not in {"direct", "recommend"}:
        return Utterance(question, outcome)
    pair = pair or Pair(question)
    return Utterance(question, outcome, pair, pair.domain)


def _bot(sent: str) -> str:
    """The id of an existing bot. Raises `Problem` if there is no such bot."""
    mock = context.mock()
    try:
        bot = bot_id(sent)
    except ValueError as error:
        raise Problem(400, "Bad Request", f"bot: {error}") from error
    if mock.settings.strict and not mock.dataset.names(bot):
        raise Problem(400, "Bad Request", f"bot: dataset {mock.dataset.name} has no bot {bot} (strict)")
    return bot
