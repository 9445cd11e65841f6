"""Parts that the schemas of the control API's responses share."""

from types import NoneType
from typing import Any, ClassVar, Literal, get_args, get_origin

from marshmallow import Schema, fields, validate

from mockcbs.core.fields import Field

_KINDS: dict[Any, type[Field[Any]]] = {bool: fields.Boolean, int: fields.Integer, str: fields.String}


class Answer(Schema):
    """A response; all members are required except those in `OPTIONAL`."""

    OPTIONAL: ClassVar[tuple[str, ...]] = ()

    def on_bind_field(self, field_name: str, field_obj: Field[Any]) -> None:
        """Make the members required."""
        field_obj.required = field_name not in self.OPTIONAL


def words(*accepted: str) -> fields.String:
    """A text that is one of the *accepted* ones."""
    return fields.String(validate=validate.OneOf(accepted))


def incomplete() -> "fields.List[Any]":
    """The names of the workers or replicas whose part is missing."""
    description = "Workers or replicas that did not respond; their part is left out."
    return fields.List(fields.String(), metadata={"description": description})


def field_for(hint: Any) -> Field[Any]:
    """A field for values of that type."""
    parts = get_args(hint)
    if get_origin(hint) is Literal:
        return words(*parts)
    if not parts:
        return _KINDS[hint]()
    kinds = [part for part in parts if part is not NoneType]
    field = field_for(kinds[0]) if len(kinds) == 1 else fields.Raw()
    field.allow_none = len(kinds) < len(parts)
    return field


class Problem(Answer):
    """Why a request was rejected (RFC 9457)."""

    title = fields.String()
    status = fields.Integer()
    detail = fields.String(
        metadata={"description": "The problem of each wrong key, with the accepted values."}
    )
