"""Parameters and responses of the statistics operations (contract 5.1 to 5.4)."""

import re
from typing import Any, NamedTuple

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from mockcbs.core.fields import Field, List, OneOf
from mockcbs.traffic import periods

_LONG = 2**63 - 1
_DIGITS = re.compile(r"[0-9]{1,19}")
_MAX_DOMAIN_IDS = 10


class Zone(NamedTuple):
    """A ``time_zone`` parameter."""

    text: str
    """The text of the request; responses repeat it."""
    offset: int
    """The offset from UTC in ms."""


class EpochMs(Field[int]):
    """Milliseconds since 1970 UTC, in the range of a Java long."""

    def documented(self) -> dict[str, Any]:
        """The field in OpenAPI."""
        return {"type": "integer", "format": "int64", "minimum": 0, "maximum": _LONG}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        del data, kwargs
        if _DIGITS.fullmatch(value) is None or (at := int(value)) > _LONG:
            raise ValidationError(f"{attr} {value!r} is not a whole number of milliseconds from 0 to {_LONG}")
        return at


class TimeZone(Field[Zone]):
    """``UTC``, or an offset such as ``+08:00``."""

    def documented(self) -> dict[str, Any]:
        """The field in OpenAPI."""
        return {"type": "string", "pattern": r"([Uu][Tt][Cc]|[+-](0[0-9]|1[0-8]):[0-5][0-9])$"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Zone:
        del data, kwargs
        try:
            return Zone(value, periods.offset(value))
        except ValueError as error:
            if value.startswith(" "):
                reason = f"{value!r}: an unencoded + is read as a blank, send %2B{value.strip()}"
            else:
                reason = f"{error}"
            raise ValidationError(f"{attr} {reason}") from error


class Limited(Field[int]):
    """A whole number within limits, in plain decimal digits."""

    def __init__(self, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(low, high), **kwargs)
        self._limits = low, high

    def documented(self) -> dict[str, Any]:
        """The field in OpenAPI."""
        return {"type": "integer"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        del data, kwargs
        low, high = self._limits
        if re.fullmatch(r"[0-9]{1,9}", value) is None or not low <= int(value) <= high:
            raise ValidationError(f"{attr} {value!r} is not a whole number from {low} to {high}")
        return int(value)


class Flag(Field[bool]):
    """``true`` or ``false``."""

    def documented(self) -> dict[str, Any]:
        """The field in OpenAPI."""
        return {"type": "boolean"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        del data, kwargs
        if value not in {"true", "false"}:
            raise ValidationError(f"{attr} {value!r} is neither true nor false")
        return bool(value == "true")


class DomainIds(List[str]):
    """Category ids: repeated, or several in one value, separated by ``,`` or ``;`` (contract D-9)."""

    def documented(self) -> dict[str, Any]:
        """The field in OpenAPI."""
        return {"maxItems": _MAX_DOMAIN_IDS}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        del data, kwargs
        ids = [found for text in value for found in re.split("[,;]", text) if found]
        if len(ids) > _MAX_DOMAIN_IDS:
            raise ValidationError(f"{attr} holds {len(ids)} ids, at most {_MAX_DOMAIN_IDS} are accepted")
        return ids


class Query(Schema):
    """Query parameters. Unknown ones are ignored (contract 2.3)."""

    class Meta:
        """The options of marshmallow."""

        unknown = EXCLUDE


class RangeQuery(Query):
    """The range of time, a parameter of every statistics operation."""

    start_time = EpochMs(load_default=None, metadata={"description": "UTC ms; default 0"})
    end_time = EpochMs(load_default=None, metadata={"description": "UTC ms; default now"})


_INTERVALS = ", ".join(periods.INTERVALS)


class _OneInterval(OneOf):
    def __call__(self, value: Any) -> Any:
        try:
            return super().__call__(value)
        except ValidationError as error:
            raise ValidationError(f"interval {error.messages[0]}") from error


def _interval(**options: Any) -> fields.String:
    return fields.String(validate=_OneInterval(periods.INTERVALS), **options)


class SessionStatsQuery(RangeQuery):
    """Parameters of session-stats; ``interval`` is mandatory (contract D-2)."""

    interval = _interval(
        required=True, error_messages={"required": f"interval is missing; accepted are {_INTERVALS}"}
    )
    time_zone = TimeZone(load_default=None)


class ReplyRatesQuery(RangeQuery):
    """Parameters of reply-rates."""

    interval = _interval(load_default="day")
    time_zone = TimeZone(load_default=None)
    domain = fields.String(load_default=None)


class HotQuestionsQuery(RangeQuery):
    """Parameters of hot questions."""

    top = Limited(1, 20, load_default=10)
    domain = fields.String(load_default=None)
    domain_id = DomainIds(fields.String(), load_default=[])
    exclude_deleted = Flag(data_key="exclude", load_default=False)


class KeywordsQuery(RangeQuery):
    """Parameters of keywords."""

    top = Limited(0, 50, load_default=10)


def _count() -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(0, _LONG))


def _mean() -> fields.Decimal:
    return fields.Decimal(required=True, places=3, validate=validate.Range(0))


def _rate() -> fields.Decimal:
    return fields.Decimal(required=True, places=3, validate=validate.Range(0, 1))


class SessionFigures(Schema):
    """The sessions of one period or of the whole range."""

    session_count = _count()
    user_count = _count()
    avg_request_count = _mean()
    avg_session_time = _mean()


class SessionPeriod(SessionFigures):
    """Sessions of one period."""

    start = fields.Date(required=True)


class SessionStats(Schema):
    """Response of session-stats."""

    interval = fields.String(required=True, validate=validate.OneOf(periods.INTERVALS))
    total = fields.Nested(SessionFigures, required=True)
    intervals = fields.List(fields.Nested(SessionPeriod), required=True)
    startutc = _count()
    endutc = _count()
    time_zone = fields.String(required=True)


class ReplyFigures(Schema):
    """The questions of one period or of the whole range."""

    question_count = _count()
    direct_count = _count()
    recommend_count = _count()
    notmatch_count = _count()
    chat_count = _count()
    invalid_count = _count()
    dialog_count = _count()
    direct_rate = _rate()
    recommend_rate = _rate()
    notmatch_rate = _rate()
    dialog_rate = _rate()
    chat_rate = _rate()
    invalid_rate = _rate()


class ReplyPeriod(ReplyFigures):
    """Questions of one period."""

    start = fields.Date(required=True)


class ReplyRates(Schema):
    """Response of reply-rates."""

    interval = fields.String(required=True, validate=validate.OneOf(periods.INTERVALS))
    startutc = _count()
    endutc = _count()
    time_zone = fields.String(required=True)
    total = fields.Nested(ReplyFigures, required=True)
    intervals = fields.List(fields.Nested(ReplyPeriod), required=True)


class HotQuestion(Schema):
    """A standard question with its hits."""

    qa_pair_id = fields.String(required=True)
    st_question = fields.String(required=True)
    domain = fields.String(required=True)


class HotQuestions(Schema):
    """Response of hot questions."""

    questions = fields.List(fields.Nested(HotQuestion), required=True)


class Keyword(Schema):
    """A word and its frequency."""

    keyword = fields.String(required=True)
    freq = _count()


class Keywords(Schema):
    """Response of keywords."""

    keywords = fields.List(fields.Nested(Keyword), required=True)


class Failure(Schema):
    """The body of every error of CBS itself."""

    error_code = fields.String(required=True)
    error_msg = fields.String(required=True)
