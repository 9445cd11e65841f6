"""Responses that explain a figure of the statistics."""

from typing import get_args

from marshmallow import INCLUDE, fields

from mockcbs.control.answers.base import Answer, words
from mockcbs.services.explaining import Code, Unit


class Figure(Answer):
    """A figure of a statistics response."""

    figure = fields.String(metadata={"description": "Its path in the response."})
    value = fields.Raw(metadata={"description": "The value in the response."})


class ExplainedTurn(Answer):
    """A question and its answer; services add members."""

    class Meta:
        """The options of marshmallow."""

        unknown = INCLUDE

    session_id = fields.String()
    user_id = fields.String(metadata={"description": "Empty for an anonymous user."})
    at_ms = fields.Integer(metadata={"description": "Time of the question, ms UTC."})
    recorded = fields.Boolean(
        metadata={"description": "Whether a client asked it; otherwise it was generated."}
    )
    question = fields.String()
    outcome = fields.String()
    latency_ms = fields.Integer()
    status = words("success", "failed", "running")


class LeftOutTurns(Answer):
    """Turns that a figure does not count, with the reason."""

    code = words(*get_args(Code))
    reason = fields.String()
    count = fields.Integer()
    unit = words(*get_args(Unit))


class ExplanationPage(Answer):
    """The figures of a statistics response; or the turns behind one of them, oldest first."""

    OPTIONAL = ("figures", "figure", "value", "formula", "calculation", "turns", "left_out")

    request = fields.String()
    operation = fields.String()
    at_ms = fields.Integer(metadata={"description": "The time of the response, ms UTC."})
    remarks = fields.List(
        fields.String(),
        metadata={"description": "Remarks on the request, such as a parameter without effect."},
    )
    count = fields.Integer(metadata={"description": "The number of figures or turns on all pages."})
    figures = fields.List(fields.Nested(Figure))
    figure = fields.String()
    value = fields.Raw(metadata={"description": "The value in the response."})
    formula = fields.String(
        metadata={"description": "The formula that computes the value from the listed turns."}
    )
    calculation = fields.String(metadata={"description": "The formula with its numbers."})
    turns = fields.List(fields.Nested(ExplainedTurn))
    left_out = fields.List(fields.Nested(LeftOutTurns))
    next_page_token = fields.String(allow_none=True, metadata={"description": "Null on the last page."})
    curl = fields.String(
        allow_none=True,
        metadata={"description": "A curl command that sends the request; null if a token was given."},
    )
