"""Responses of the dialogue operations (contract 5.5 to 5.12)."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from mockcbs.services.cbs.dialogue_schemas import KINDS, TrueOrFalse


def _score() -> fields.Decimal:
    return fields.Decimal(places=3, validate=validate.Range(0, 1))


class PairAnswer(Schema):
    """A pair that answers, or, without ``answer``, a recommended one."""

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
    """Answers of the knowledge base, in the form of ExecuteSession."""

    answers = fields.List(fields.Nested(PairAnswer), required=True)
    request_id = fields.String(required=True)


class PlainAnswer(Schema):
    """An answer of small talk or of the graph; the score 0.0 marks small talk that is only a fallback."""

    answer = fields.String(required=True)
    score = _score()


class TableAnswer(PlainAnswer):
    """An answer from a table."""

    table_id = fields.String()


class Passage(Schema):
    """The passage of a document that contains the answer."""

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


class Frame(Schema):
    """What a skill has understood."""

    intention = fields.String(required=True)
    confidence = fields.Float(required=True)
    current_slots = fields.List(fields.Dict(), required=True)
    history_slots = fields.List(fields.Dict(), required=True)
    candidate_words = fields.List(fields.String(), required=True)
    reply = fields.String(required=True)
    task_complete = TrueOrFalse(required=True)
    flow_complete = TrueOrFalse()
    intention_alias = fields.String()


class Candidate(Schema):
    """The intention that comes next in likelihood."""

    candidate_intention = fields.String()
    candidate_confidence = fields.Float(required=True)


class SkillResponse(Schema):
    """The response of one skill."""

    skill_id = fields.String(required=True)
    skill_version = fields.String(required=True)
    frame = fields.Nested(Frame, required=True)
    candidate = fields.Nested(Candidate, required=True)
    locked = TrueOrFalse()
    related_intenions = fields.List(fields.Dict())


class SkillAnswer(Schema):
    """An answer of a skill; ``skill_responses`` contains its known and its missing slots."""

    answer = fields.String(required=True)
    skill_id = fields.String(required=True)
    skill_responses = fields.List(fields.Nested(SkillResponse), required=True)


_MEMBERS = {
    0: "qabot_answers",
    1: "taskbot_answers",
    2: "chat_answers",
    3: "kbqa_answers",
    4: "docqa_answers",
    5: "tableqa_answers",
}
"""The member with the answer, by reply_type."""


class _Answer(Schema):
    """An answer of the kind that its reply_type names."""

    @validates_schema
    def _kind(self, data: dict[str, Any], **_: Any) -> None:
        member = _MEMBERS.get(data.get("reply_type", -1), "")
        if member and not data.get(member):
            raise ValidationError(f"is missing although reply_type is {data['reply_type']}", member)


class ChatAnswer(_Answer):
    """Response of ExecuteQaChat."""

    reply_type = fields.Integer(required=True, strict=True, validate=validate.OneOf(KINDS))
    qabot_answers = fields.Nested(PairAnswers)
    chat_answers = fields.Nested(PlainAnswer)
    taskbot_answers = fields.Nested(SkillAnswer)
    docqa_answers = fields.Nested(DocumentAnswer)
    tableqa_answers = fields.Nested(TableAnswer)
    session_id = fields.String(required=True)
    kbqa_answers = fields.Nested(PlainAnswer)
    request_id = fields.String(required=True)


class SessionAnswer(_Answer):
    """Response of ExecuteSession."""

    reply_type = fields.Integer(required=True, strict=True, validate=validate.OneOf((0, 1, 2)))
    qabot_answers = fields.Nested(SessionPairAnswers)
    chat_answers = fields.Nested(PlainAnswer)
    taskbot_answers = fields.Nested(SkillAnswer)
    request_id = fields.String(required=True)


class ExtendedQuestion(Schema):
    """Another wording of a pair's question."""

    content = fields.String(required=True)


class SingleMatch(Schema):
    """A matching pair, or, without ``answer``, a recommended one."""

    qa_pair_id = fields.String(required=True)
    st_question = fields.String(required=True)
    ex_questions = fields.List(fields.Nested(ExtendedQuestion))
    answer = fields.String()
    score = _score()
    domain = fields.String(required=True)


class SingleAnswer(Schema):
    """Response of PostRequests."""

    request_id = fields.String(required=True)
    question = fields.String(required=True)
    answers = fields.List(fields.Nested(SingleMatch), required=True)
    extends = fields.Dict()


class OpenedSession(Schema):
    """Response of CreateSession."""

    session_id = fields.String(required=True)
    greeting = fields.String(required=True)


class Suggestions(Schema):
    """Response of ListSuggestions."""

    questions = fields.List(fields.String(), required=True)


class Tagged(Schema):
    """Response of TagLabor and TagSatisfaction."""

    request_id = fields.String(required=True)
    updated_time = fields.String(required=True, validate=validate.Regexp(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"))
