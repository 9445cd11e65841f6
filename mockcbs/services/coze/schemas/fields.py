"""Fields that read scalars like the vendor's Go services, and the base of all queries and bodies.

A JSON number is not a string, a string is not a number, and ``1`` is not a boolean. In a query, where every
value is text, a number consists of ASCII digits and a boolean is ``true`` or ``false``.
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

import simplejson
from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate

from mockcbs.core.errors import ApiError
from mockcbs.core.fields import Field, List
from mockcbs.core.spelling import not_one_of
from mockcbs.services.coze import errors

MAX_ID_DIGITS = 20
MAX_META_PAIRS = 16
MAX_PAGE = 10**9
DEFAULT_CHANNEL = "1024"

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_WHOLE = re.compile(r"-?[0-9]{1,19}")


def messages(what: str) -> dict[str, Any]:
    """The messages of a field for *what*; they replace those of marshmallow."""
    return {
        "invalid": f"must be {what}",
        "type": f"must be {what}",
        "required": "is required",
        "null": "must not be null",
    }


class Query(Schema):
    """Query parameters; unknown ones are ignored."""

    HARMLESS: ClassVar[frozenset[str]] = frozenset()
    """Names that mockcbs ignores without a remark."""

    error_messages: dict[str, str] = {"type": "must be a JSON object"}  # noqa: RUF012 - marshmallow's own

    class Meta:
        """The options of marshmallow."""

        unknown = EXCLUDE


class Body(Query):
    """A JSON body. A member that is null counts as absent, because cozepy sends unset members as null."""

    @pre_load
    def _without_nulls(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        return {name: value for name, value in data.items() if value is not None}


class Flag(Field[bool]):
    """``true`` or ``false``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(error_messages=messages("true or false"), **kwargs)

    def documented(self) -> dict[str, Any]:
        """The field in OpenAPI."""
        return {"type": "boolean"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        del attr, data, kwargs
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class QueryFlag(Flag):
    """``true`` or ``false`` as text."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        return super()._deserialize({"true": True, "false": False}.get(value), attr, data, **kwargs)


class Whole(Field[int]):
    """A whole number from *low* to *high*; ``1.0``, ``"1"`` and ``true`` are refused."""

    def __init__(self, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(error_messages=messages(f"a whole number from {low} to {high}"), **kwargs)
        self._low, self._high = low, high

    def documented(self) -> dict[str, Any]:
        """The field in OpenAPI."""
        return {"type": "integer", "minimum": self._low, "maximum": self._high}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        del attr, data, kwargs
        if not isinstance(value, int) or isinstance(value, bool) or not self._low <= value <= self._high:
            raise self.make_error("invalid")
        return value


class QueryWhole(Whole):
    """A whole number as text in ASCII digits, without blanks, underscores or digits of other scripts."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        number = int(value) if _WHOLE.fullmatch(value) else None
        return super()._deserialize(number, attr, data, **kwargs)


class Id(fields.String):
    """A decimal id of up to 20 digits; a JSON number is accepted, too."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(error_messages=messages("a decimal id, as a string"), **kwargs)

    def documented(self) -> dict[str, Any]:
        """The field in OpenAPI."""
        return {"type": "string", "pattern": f"[0-9]{{1,{MAX_ID_DIGITS}}}$"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if not (text.isascii() and text.isdecimal() and len(text) <= MAX_ID_DIGITS):
            raise ValidationError(f"must be a decimal id of up to {MAX_ID_DIGITS} digits")
        return text


class OptionalId(Id):
    """An id; ``""`` and ``"0"`` mean that there is none."""

    def __init__(self, none: str = "") -> None:
        super().__init__(load_default=none)
        self._none = none

    def documented(self) -> dict[str, Any]:
        """The field in OpenAPI."""
        return {"type": "string", "pattern": f"[0-9]{{0,{MAX_ID_DIGITS}}}$"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        found = "" if value == "" else super()._deserialize(value, attr, data, **kwargs)
        return found if found.strip("0") else self._none


def channel() -> OptionalId:
    """The id of a channel; ``""``, which coze-go always sends, means the API channel."""
    return OptionalId(DEFAULT_CHANNEL)


def text(high: int | None = None, low: int = 0, **kwargs: Any) -> fields.String:
    """A string of *low* to *high* characters."""
    length = validate.Length(low, high, error=f"must have {low} to {high} characters") if high else None
    return fields.String(validate=length, error_messages=messages("a string"), **kwargs)


def word(high: int) -> fields.String:
    """A filter of up to *high* characters, without control characters."""

    def no_controls(value: str) -> None:
        if _CONTROL.search(value):
            raise ValidationError("must not contain control characters")

    length = validate.Length(max=high, error=f"must have at most {high} characters")
    return fields.String(load_default="", validate=[length, no_controls], error_messages=messages("a string"))


def choice(*accepted: str, **kwargs: Any) -> fields.String:
    """One of the given words."""
    named = ", ".join(word or '""' for word in accepted)
    one = validate.OneOf(accepted, error=f"must be one of {named}")  # Coze's msg contains this sentence
    return fields.String(validate=one, error_messages=messages("a string"), **kwargs)


def page_number() -> QueryWhole:
    """The number of a page, from 1."""
    return QueryWhole(1, MAX_PAGE, load_default=1)


class Object(fields.Dict):
    """A JSON object; *values* is the field of its values, if they are strings."""

    def __init__(self, keys: Field[Any] | None = None, values: Any = None, **kwargs: Any) -> None:
        super().__init__(keys=keys or text(), values=values, error_messages=messages("an object"), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]
        except ValidationError as error:
            raise ValidationError(_by_member(error.messages)) from error


def _by_member(problems: Any) -> Any:
    """The errors of an object by its members; marshmallow adds the level ``key`` or ``value``."""
    if not isinstance(problems, dict):
        return problems
    return {name: [one for part in parts.values() for one in part] for name, parts in problems.items()}


class Parameters(Object):
    """A JSON object, or a string that contains one (contract 3.7.1)."""

    def __init__(self) -> None:
        super().__init__(load_default=dict)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, str):
            try:
                value = simplejson.loads(value or "{}")
            except (ValueError, RecursionError):
                raise ValidationError("must be an object, or a string that contains one as JSON") from None
        return super()._deserialize(value, attr, data, **kwargs)


class Item(fields.Nested):
    """A JSON object with the members of *schema*."""

    def __init__(self, schema: type[Schema], **kwargs: Any) -> None:
        super().__init__(schema, error_messages=messages("an object"), **kwargs)


class Items(List[Any]):
    """A JSON array."""

    def __init__(self, inner: Field[Any], low: int = 0, high: int | None = None, **kwargs: Any) -> None:
        what = f"must have {low} to {high} items" if high else f"must have at least {low}"
        length = validate.Length(low, high, error=what)
        super().__init__(inner, validate=length, error_messages=messages("an array"), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        found: list[Any] = super()._deserialize(value, attr, data, **kwargs)
        return found


class CommaList(Field[list[str]]):
    """``a,b`` in a query; values that are not *accepted* are refused."""

    def __init__(self, *accepted: str) -> None:
        super().__init__(load_default=[])
        self._accepted = accepted
        self._meaning = f"Several are separated by commas{': ' * bool(accepted)}{', '.join(accepted)}."

    def documented(self) -> dict[str, Any]:
        """The field in OpenAPI."""
        return {"type": "string", "description": self._meaning, "default": ""}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[str]:
        del attr, data, kwargs
        words = [part for part in str(value).split(",") if part]
        if self._accepted and (strange := set(words) - set(self._accepted)):
            raise ValidationError(not_one_of(min(strange), self._accepted))
        return words


class MetaData(Object):
    """Up to 16 pairs of strings. More pairs, or longer strings, are error 4003."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(values=text(), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, str]:
        pairs: dict[str, str] = super()._deserialize(value, attr, data, **kwargs)
        fits = all(1 <= len(key) <= 64 and 1 <= len(value) <= 512 for key, value in pairs.items())
        if len(pairs) > MAX_META_PAIRS or not fits:
            raise ApiError(
                errors.META_DATA_LIMITS, "at most 16 pairs, keys of 1 to 64 and values of 1 to 512 characters"
            )
        return pairs
