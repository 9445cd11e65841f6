"""Generic fields of marshmallow, under names that can be subscripted with marshmallow 3, too."""

from typing import TYPE_CHECKING

from marshmallow import fields

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


__all__ = ["Field", "List"]
