"""Schemas of responses, which refuse what the vendor never sends."""

import pytest
from marshmallow import Schema, ValidationError


def refused(schema: type[Schema], whole: dict, **changes: object) -> None:
    """Insist that *whole* is accepted, and refused at each of *changes*, alone and left out."""
    assert schema().load(whole)
    for name, value in changes.items():
        with pytest.raises(ValidationError) as error:
            schema().load({**whole, name: value})
        assert name in error.value.normalized_messages()
