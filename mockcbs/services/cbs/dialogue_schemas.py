"""What the dialogue operations take and give (contract 5.5 to 5.12).

A member of the wrong type is CBS.0099; only a body whose types are right has its contents looked at,
and what is wrong with them is CBS.0022.
"""

from typing import Any, ClassVar

from marshmallow import EXCLUDE, Schema, fields, post_load, pre_load, validate

from mockcbs.core.errors import ApiError
from mockcbs.core.fields import List
from mockcbs.services.cbs import errors

MAX_QUESTION = 512
MAX_ID = 1024
"""Characters of a user or session id of the caller's own; a bound of ours, the vendor states none."""
MAX_DOMAINS = 10
MAX_ITEMS = 1000
"""Items of any list; a bound of ours, so that an answer never takes long."""
KINDS = (0, 1, 2, 3, 4, 5)
"""Kinds of answers: knowledge base, skill, small talk, graph, document, table."""
OPERATE_TYPES = (0, 1, 3, 4)
"""How a question came about: typed, clicked hot question, recommendation or suggestion."""


class TrueOrFalse(fields.Boolean):
    """``true`` or ``false``, and nothing that might be taken for either."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        del attr, data, kwargs
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Items(List[Any]):
    """A list that is not endless; one that is, is refused before its items cost time."""

    checks_length_first = True

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and len(value) > MAX_ITEMS:
            raise _refuse(f"{attr} holds {len(value)}, at most {MAX_ITEMS} are accepted")
        return super()._deserialize(value, attr, data, **kwargs)


class Body(Schema):
    """A JSON body; unknown members are ignored, ``null`` counts as absent."""

    class Meta:
        """marshmallow's settings."""

        unknown = EXCLUDE

    @pre_load
    def _drop_null(self, data: Any, **_: Any) -> Any:
        if isinstance(data, dict):
            return {key: value for key, value in data.items() if value is not None}
        return data

    @post_load
    def _check(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        self.check(data)
        return data

    def check(self, data: dict[str, Any]) -> None:
        """Look at the contents; raises `ApiError`."""


def _refuse(reason: str, missing: str | None = None) -> ApiError:
    message = f"{missing} can not be null" if missing else None
    return ApiError(errors.REQUEST_CONTENT_ERROR, reason, message=message)


def _optional_text() -> fields.String:
    return fields.String(load_default="")


def _texts() -> Items:
    return Items(fields.String(), load_default=list)


def _check_range(data: dict[str, Any], member: str, low: int, high: int) -> None:
    if not low <= data[member] <= high:
        raise _refuse(f"{member} {data[member]} is not a whole number from {low} to {high}")


class Question(Body):
    """A body that asks something."""

    question = fields.String(load_default=None, metadata={"minLength": 1, "maxLength": MAX_QUESTION})
    MAY_BE_EMPTY: ClassVar = False

    def check(self, data: dict[str, Any]) -> None:
        """There must be a question, and not too long a one."""
        if data["question"] is None:
            raise _refuse("question is missing", missing="question")
        if not data["question"] and not self.MAY_BE_EMPTY:
            raise _refuse("question is empty", missing="question")
        if len(data["question"]) > MAX_QUESTION:
            length = len(data["question"])
            raise _refuse(f"question has {length} characters, at most {MAX_QUESTION} are accepted")


class ConversationQuestion(Question):
    """A question of somebody in a conversation."""

    user_id = _optional_text()

    def check(self, data: dict[str, Any]) -> None:
        """Ids must not be endless."""
        super().check(data)
        for member in ("user_id", "session_id"):
            if len(data.get(member, "")) > MAX_ID:
                raise _refuse(f"{member} has more than {MAX_ID} characters")


class TagIds(Body):
    """Labels."""

    should = _texts()


class ChatExtends(Body):
    """Which pairs may answer."""

    tag_ids = fields.Nested(TagIds, load_default=lambda: {"should": []})
    domain_ids = _texts()
    source = _optional_text()
    return_all_answers = TrueOrFalse(load_default=False)


_ANY_PAIR = ChatExtends().load({})


class SessionQuestion(ConversationQuestion):
    """Body of ExecuteSession."""

    chat_enable = TrueOrFalse(load_default=True)
    extends = fields.Nested(ChatExtends, load_default=_ANY_PAIR.copy)

    def check(self, data: dict[str, Any]) -> None:
        """Categories are limited."""
        super().check(data)
        _limit_domains(data["extends"], "domain_ids")


class ChatQuestion(SessionQuestion):
    """Body of ExecuteQaChat."""

    session_id = _optional_text()
    chat_enable = TrueOrFalse(load_default=False)
    query_types = Items(fields.Integer(strict=True), load_default=list)

    def check(self, data: dict[str, Any]) -> None:
        """Kinds of answers must exist."""
        super().check(data)
        if unknown := [kind for kind in data["query_types"] if kind not in KINDS]:
            raise _refuse(f"query_types holds {unknown[0]}, only 0 to 5 are known")


class SingleExtends(Body):
    """Which pairs may answer, and how many."""

    domains = _texts()
    top = fields.Integer(strict=True, load_default=5)


_FIVE_OF_ANY = SingleExtends().load({})


class SingleQuestion(ConversationQuestion):
    """Body of PostRequests."""

    session_id = _optional_text()
    operate_type = fields.Integer(strict=True, load_default=0)
    threshold_enable = TrueOrFalse(load_default=False)
    chat_enable = TrueOrFalse(load_default=True)
    extends = fields.Nested(SingleExtends, load_default=_FIVE_OF_ANY.copy)

    def check(self, data: dict[str, Any]) -> None:
        """There must be a session (contract D-11)."""
        super().check(data)
        if not data["session_id"]:
            raise _refuse("session_id is missing or empty", missing="session_id")
        if data["operate_type"] not in OPERATE_TYPES:
            raise _refuse(f"operate_type {data['operate_type']} is not one of 0, 1, 3, 4")
        _limit_domains(data["extends"], "domains")
        _check_range(data["extends"], "top", 1, 10)


class SuggestionsQuestion(Question):
    """Body of ListSuggestions; nothing was typed yet if the question is empty (contract 5.10)."""

    MAY_BE_EMPTY = True
    top = fields.Integer(strict=True, load_default=5)

    def check(self, data: dict[str, Any]) -> None:
        """The list is short."""
        super().check(data)
        _check_range(data, "top", 1, 10)


class Rating(Body):
    """Body of TagSatisfaction."""

    degree = fields.Integer(
        strict=True, required=True, validate=validate.OneOf((1, -1), error="{input} is neither 1 nor -1")
    )


def _limit_domains(extends: dict[str, Any], member: str) -> None:
    """Part the elements that hold several categories (``a;b``), and refuse too many."""
    domains = [domain for text in extends[member] for domain in text.split(";") if domain]
    if len(domains) > MAX_DOMAINS:
        raise _refuse(f"extends.{member} holds {len(domains)}, at most {MAX_DOMAINS} are accepted")
    extends[member] = domains


def _score() -> fields.Decimal:
    return fields.Decimal(places=3, validate=validate.Range(0, 1))


class PairAnswer(Schema):
    """A pair that answers, or without ``answer`` one that is recommended."""

    qa_pair_id = fields.String(required=True)
    st_question = fields.String(required=True)
    answer = fields.String()
    score = _score()
    domain = fields.String(required=True)
    top_score_question = fields.String()


class PairAnswers(Schema):
    """Answers of the knowledge base."""

    answers = fields.List(fields.Nested(PairAnswer), required=True)
    recommend_answers = fields.List(fields.Nested(PairAnswer), required=True)


class SessionPairAnswers(Schema):
    """Answers of the knowledge base, as ExecuteSession gives them."""

    answers = fields.List(fields.Nested(PairAnswer), required=True)
    request_id = fields.String(required=True)


class PlainAnswer(Schema):
    """An answer of small talk or of the graph; 0.0 marks small talk that only fills the gap."""

    answer = fields.String(required=True)
    score = _score()


class TableAnswer(PlainAnswer):
    """An answer from a table."""

    table_id = fields.String()


class Passage(Schema):
    """Where a document says so."""

    answer = fields.String()
    doc_id = fields.String()
    end_index = fields.Integer()
    paragraph_score = _score()
    paragraph_text = fields.String()
    phrase_score = _score()
    start_index = fields.Integer()
    total_score = _score()
    paragraph_number = fields.Integer()


class DocumentAnswer(PlainAnswer):
    """An answer from documents."""

    question = fields.String()
    answer_detail = fields.String()
    details = fields.List(fields.Nested(Passage))


class SkillAnswer(Schema):
    """An answer of a skill; what it knows and still asks is in ``skill_responses``."""

    answer = fields.String(required=True)
    skill_id = fields.String(required=True)
    skill_responses = fields.List(fields.Dict(), required=True)


class ChatAnswer(Schema):
    """Answer of ExecuteQaChat."""

    reply_type = fields.Integer(required=True, strict=True, validate=validate.OneOf(KINDS))
    qabot_answers = fields.Nested(PairAnswers)
    chat_answers = fields.Nested(PlainAnswer)
    taskbot_answers = fields.Nested(SkillAnswer)
    docqa_answers = fields.Nested(DocumentAnswer)
    tableqa_answers = fields.Nested(TableAnswer)
    session_id = fields.String(required=True)
    kbqa_answers = fields.Nested(PlainAnswer)
    request_id = fields.String(required=True)


class SessionAnswer(Schema):
    """Answer of ExecuteSession."""

    reply_type = fields.Integer(required=True, strict=True, validate=validate.OneOf((0, 1, 2)))
    qabot_answers = fields.Nested(SessionPairAnswers)
    chat_answers = fields.Nested(PlainAnswer)
    taskbot_answers = fields.Nested(SkillAnswer)
    request_id = fields.String(required=True)


class ExtendedQuestion(Schema):
    """Another wording of a pair's question."""

    content = fields.String(required=True)


class SingleMatch(Schema):
    """A pair that matches, or without ``answer`` one that is recommended."""

    qa_pair_id = fields.String(required=True)
    st_question = fields.String(required=True)
    ex_questions = fields.List(fields.Nested(ExtendedQuestion))
    answer = fields.String()
    score = _score()
    domain = fields.String(required=True)


class SingleAnswer(Schema):
    """Answer of PostRequests."""

    request_id = fields.String(required=True)
    question = fields.String(required=True)
    answers = fields.List(fields.Nested(SingleMatch), required=True)
    extends = fields.Dict()


class OpenedSession(Schema):
    """Answer of CreateSession."""

    session_id = fields.String(required=True)
    greeting = fields.String(required=True)


class Suggestions(Schema):
    """Answer of ListSuggestions."""

    questions = fields.List(fields.String(), required=True)


class Tagged(Schema):
    """Answer of TagLabor and TagSatisfaction."""

    request_id = fields.String(required=True)
    updated_time = fields.String(required=True, validate=validate.Regexp(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"))
