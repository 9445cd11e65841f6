"""What services state for documents."""

from importlib import import_module

from mockcbs.control.documentation import DOCUMENTATION as CONTROL
from mockcbs.services.base import Service
from mockcbs.services.documentation import Documentation

_NOTHING = Documentation({}, ())


def documentation_of(service: Service | None) -> Documentation:
    """What *service* states; without one, the control API."""
    if service is None:
        return CONTROL
    if service.documentation is None:
        return _NOTHING
    found: Documentation = import_module(service.documentation).DOCUMENTATION
    return found
