"""Requests of the dialogue operations (contract 5.5 to 5.12).

A member of the wrong type is CBS.0099. If all types are correct, a wrong value is CBS.0022.
"""

from typing import Any, ClassVar

from marshmallow import EXCLUDE, Schema, fields, post_load, pre_load, validate

from mockcbs.core.errors import ApiError
from mockcbs.core.fields import List
from mockcbs.services.cbs import errors
from mockcbs.services.cbs.service import MAX_ID, MAX_QUESTION

MAX_DOMAINS = 10
MAX_ITEMS = 1000
"""The maximum length of a list. The vendor states no limit; this one bounds the time of a response."""
KINDS = (0, 1, 2, 3, 4, 5)
"""The kinds of answers: knowledge base, skill, small talk, graph, document, table."""
OPERATE_TYPES = (0, 1, 3, 4)
"""The origins of a question: typed, or a click on a hot question, a recommendation or a suggestion."""


class TrueOrFalse(fields.Boolean):
    """``true`` or ``false``; numbers and strings are refused."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        del attr, data, kwargs
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Items(List[Any]):
    """A list with a maximum length, which is checked before its items."""

    checks_length_first = True

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and len(value) > MAX_ITEMS:
            raise _refuse(f"{attr} holds {len(value)}, at most {MAX_ITEMS} are accepted")
        return super()._deserialize(value, attr, data, **kwargs)


class Body(Schema):
    """A JSON body. Unknown members are ignored; ``null`` counts as absent."""

    class Meta:
        """The options of marshmallow."""

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
        """Check the values of members; raises `ApiError`."""


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
    """A body with a question."""

    question = fields.String(load_default=None, metadata={"minLength": 1, "maxLength": MAX_QUESTION})
    MAY_BE_EMPTY: ClassVar = False

    def check(self, data: dict[str, Any]) -> None:
        """Check that there is a question, and its length."""
        if data["question"] is None:
            raise _refuse("question is missing", missing="question")
        if not data["question"] and not self.MAY_BE_EMPTY:
            raise _refuse("question is empty", missing="question")
        if len(data["question"]) > MAX_QUESTION:
            length = len(data["question"])
            raise _refuse(f"question has {length} characters, at most {MAX_QUESTION} are accepted")


class ConversationQuestion(Question):
    """A question of a user in a conversation."""

    user_id = _optional_text()

    def check(self, data: dict[str, Any]) -> None:
        """Check the lengths of ids."""
        super().check(data)
        for member in ("user_id", "session_id"):
            if len(data.get(member, "")) > MAX_ID:
                raise _refuse(f"{member} has more than {MAX_ID} characters")


class TagIds(Body):
    """Labels."""

    should = _texts()


class ChatExtends(Body):
    """Conditions on the pairs that may answer."""

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
        """Check the number of categories."""
        super().check(data)
        _limit_domains(data["extends"], "domain_ids")


class ChatQuestion(SessionQuestion):
    """Body of ExecuteQaChat."""

    session_id = _optional_text()
    chat_enable = TrueOrFalse(load_default=False)
    query_types = Items(fields.Integer(strict=True), load_default=list)

    def check(self, data: dict[str, Any]) -> None:
        """Check that the kinds of answers exist."""
        super().check(data)
        if unknown := [kind for kind in data["query_types"] if kind not in KINDS]:
            raise _refuse(f"query_types holds {unknown[0]}, only 0 to 5 are known")


class SingleExtends(Body):
    """Conditions on the pairs that may answer, and their number."""

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
        """Check that there is a session id (contract D-11)."""
        super().check(data)
        if not data["session_id"]:
            raise _refuse("session_id is missing or empty", missing="session_id")
        if data["operate_type"] not in OPERATE_TYPES:
            raise _refuse(f"operate_type {data['operate_type']} is not one of 0, 1, 3, 4")
        _limit_domains(data["extends"], "domains")
        _check_range(data["extends"], "top", 1, 10)


class SuggestionsQuestion(Question):
    """Body of ListSuggestions; an empty question is valid (contract 5.10)."""

    MAY_BE_EMPTY = True
    top = fields.Integer(strict=True, load_default=5)

    def check(self, data: dict[str, Any]) -> None:
        """Check the number of suggestions."""
        super().check(data)
        _check_range(data, "top", 1, 10)


class Rating(Body):
    """Body of TagSatisfaction."""

    degree = fields.Integer(
        strict=True, required=True, validate=validate.OneOf((1, -1), error="{input} is neither 1 nor -1")
    )


def _limit_domains(extends: dict[str, Any], member: str) -> None:
    """Split elements with several categories (``a;b``), and check their number."""
    domains = [domain for text in extends[member] for domain in text.split(";") if domain]
    if len(domains) > MAX_DOMAINS:
        raise _refuse(f"extends.{member} holds {len(domains)}, at most {MAX_DOMAINS} are accepted")
    extends[member] = domains
