"""Parts of marshmallow: fields that can be subscripted with marshmallow 3, too, and a validator."""

from typing import TYPE_CHECKING, Any

from marshmallow import ValidationError, fields, validate

from mockcbs.core.spelling import not_one_of

if TYPE_CHECKING:
    from marshmallow.fields import Field, List
else:

    class _Generic:
        """Adds subscripts, which marshmallow 4 fields have themselves."""

        def __class_getitem__(cls, _: object) -> type:
            return cls

    class Field(_Generic, fields.Field):
        """A field of values of one type: ``Field[int]``."""

    class List(_Generic, fields.List):
        """A field of lists: ``List[str]``."""


class OneOf(validate.OneOf):
    """One of the accepted values; an error names the wrong value, these, and the probable one."""

    def __call__(self, value: Any) -> Any:
        """Raise `ValidationError` if *value* is not accepted."""
        if value not in self.choices:
            raise ValidationError(not_one_of(value, [f"{choice}" or '""' for choice in self.choices]))
        return value


__all__ = ["Field", "List", "OneOf"]
