"""Types of members in responses, as strict as the official clients."""

from decimal import Decimal
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate

from mockcbs.core.fields import Field


class Whole(Field[int]):
    """A JSON integer."""

    def documented(self) -> dict[str, Any]:
        """The field in OpenAPI."""
        return {"type": "integer"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        del attr, data, kwargs
        if type(value) is not int:
            raise ValidationError(f"{getattr(value, 'text', value)!r} is not an integer")
        return value


class Real(Field[Any]):
    """A JSON number."""

    def documented(self) -> dict[str, Any]:
        """The field in OpenAPI."""
        return {"type": "number"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        del attr, data, kwargs
        if type(value) is not int and not isinstance(value, Decimal | float):
            raise ValidationError(f"{value!r} is not a number")
        return value


class Flag(Field[bool]):
    """A JSON boolean."""

    def documented(self) -> dict[str, Any]:
        """The field in OpenAPI."""
        return {"type": "boolean"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        del attr, data, kwargs
        if not isinstance(value, bool):
            raise ValidationError(f"{value!r} is not a boolean")
        return value


def seconds(**kwargs: Any) -> Whole:
    """Unix time in seconds, 10 digits."""
    return Whole(validate=validate.Range(10**9, 10**10 - 1, error="is not a Unix time in seconds"), **kwargs)


def milliseconds() -> Whole:
    """Unix time in ms, 13 digits."""
    return Whole(required=True, validate=validate.Range(10**12, 10**13 - 1, error="is not a Unix time in ms"))


def identifier(**kwargs: Any) -> fields.String:
    """A non-empty string."""
    return fields.String(required=True, validate=validate.Length(1, error="is empty"), **kwargs)


def text() -> fields.String:
    """Any string."""
    return fields.String(required=True)


class Part(Schema):
    """A schema that ignores unknown members."""

    class Meta:  # noqa: D106 - marshmallow's own way
        unknown = EXCLUDE


class Exact(Schema):
    """A schema that refuses unknown members."""

    class Meta:  # noqa: D106
        unknown = RAISE


class Creator(Part):
    """The account that created an object."""

    id = identifier()
    name = text()
