"""Errors of a service in its document."""

import pytest

from mockcbs.services import registry
from tests.control.openapi.described import NAMES, described, operations


@pytest.mark.parametrize("name", NAMES[1:-1])
def test_every_status_of_the_catalogue_is_described(name):
    """An operation of a service may answer any of its errors."""
    service = registry.named(name)
    statuses = {str(row.status) for rows in service.catalogues.values() for row in rows}

    for one in operations(described(name)):
        assert statuses <= one["responses"].keys()
