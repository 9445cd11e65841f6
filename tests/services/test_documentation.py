"""What documents say of each service beside its routes and schemas."""

from importlib import import_module

import pytest
from marshmallow import Schema

from mockcbs.services import registry
from mockcbs.services.documentation import Documentation, bearer, key
from tests.conftest import NOW

STATED = {one.name: import_module(one.documentation).DOCUMENTATION for one in registry.services()}


@pytest.mark.parametrize("name", STATED)
def test_every_service_is_documented(name):
    """Each service documents its errors, credentials and examples."""
    found: Documentation = STATED[name]

    assert all(issubclass(schema, Schema) for schema in found.error_bodies.values())
    assert found.security
    assert found.examples(NOW).keys().isdisjoint(found.ids)


def test_credentials():
    """Credentials are a bearer token, or a key in a header or the query."""
    assert bearer("A token.")["scheme"] == "bearer"
    assert key("X-Auth-Token", "A token.")["in"] == "header"
    assert key("Signature", "Signed.", "query")["in"] == "query"


def test_a_service_may_have_no_examples():
    """The operations of a service without examples are documented without them."""
    made = Documentation({}, ())

    assert made.examples(NOW) == made.ids == made.bodies == {}
