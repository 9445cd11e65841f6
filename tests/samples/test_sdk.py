"""The SDKs of vendors for which mockcbs writes code."""

from importlib import import_module
from importlib.metadata import version

import pytest

from mockcbs.samples.request import Request
from mockcbs.samples.sdk import Sdk
from mockcbs.services import registry
from mockcbs.settings import Settings

SDKS = {one.name: import_module(one.samples).SDK for one in registry.services() if one.samples}


@pytest.mark.parametrize("service", SDKS)
def test_pip_knows_the_package(service):
    """Pip installs the package under the name that is shown beside the code."""
    sdk: Sdk = SDKS[service]

    assert version(sdk.package)


@pytest.mark.parametrize("service", SDKS)
def test_a_request_that_no_route_knows_has_no_code(service):
    """There is no code for an unknown request, because the SDK has no method for it."""
    nowhere = Request("GET", "http://127.0.0.1:8021/nowhere")

    assert SDKS[service].write(nowhere, Settings()) is None
