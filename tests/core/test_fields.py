"""Fields that marshmallow 3 and 4 both take."""

from pathlib import Path

from marshmallow import fields

import mockcbs
from mockcbs.core.fields import Field, List


def test_fields_can_be_subscripted():
    """``Field[int]`` is a base class that fields of either release can have."""

    class Number(Field[int]):
        """A field."""

    class Texts(List[str]):
        """A list."""

    assert isinstance(Number(), fields.Field)
    assert isinstance(Texts(fields.String()), fields.List)


def test_no_module_subscripts_marshmallows_own():
    """Subscripting a field of marshmallow 3 would fail on import, so no module does it."""
    files = Path(mockcbs.__file__).parent.rglob("*.py")

    assert not [str(file) for file in files if "fields.Field[" in file.read_text("utf-8")]
