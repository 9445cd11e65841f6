"""Each kind of table that a reporting node writes to."""

import pytest

from tests.clients.conftest import serving
from tests.reports.mocks import KINDS

__all__ = ["kind", "serving"]


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param
