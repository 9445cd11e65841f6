"""What each service states for its OpenAPI document."""

from mockcbs.control.openapi.stated import documentation_of
from mockcbs.services import registry


def test_each_service_has_its_own():
    """Each service has its own statement; without a service, it is that of the control API."""
    found = [documentation_of(service) for service in registry.services()]

    assert all(one.error_bodies for one in found)
    assert len({id(one) for one in found}) == len(found)
    assert documentation_of(None).bodies["play_scenario"]
