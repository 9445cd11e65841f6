"""The services that the kit checks beside CBS, IAM and Coze."""

import pytest

from mockcbs.contract.accounts import VENDORS
from mockcbs.contract.catalogue import CLAUSES, SERVICES, UNIVERSAL


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_comes_whole(name):
    """Each service has options for its accounts, clauses, and a check of every response."""
    service = SERVICES[name]

    assert service.name == name
    assert VENDORS[name].url.startswith(("http://", "https://"))
    assert CLAUSES[name]
    assert all(clause.id.startswith(f"{name}.") for clause in CLAUSES[name])
    assert UNIVERSAL[name] is service.every_answer
