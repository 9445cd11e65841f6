"""Schemas of requests, which refuse in words that name the member."""

from marshmallow import Schema


def problems(schema: type[Schema], body: dict, **changes: object) -> dict:
    """What is wrong with *body* and *changes*; *body* alone is accepted."""
    assert schema().validate(body) == {}
    return schema().validate({**body, **changes})
