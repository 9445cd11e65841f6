"""The statements of each service for its OpenAPI document."""

from importlib import import_module

from mockcbs.control.documentation import documentation
from mockcbs.services import registry
from mockcbs.services.base import Service
from mockcbs.services.documentation import Documentation

_NOTHING = Documentation({}, ())


def documentation_of(service: Service | None) -> Documentation:
    """The statements of *service*, or without a service those of the control API."""
    if service is None:
        return documentation(documentation_of(one) for one in registry.services())
    if service.documentation is None:
        return _NOTHING
    found: Documentation = import_module(service.documentation).DOCUMENTATION
    return found
