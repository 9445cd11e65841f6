"""Who may call Airtable."""

import pytest
from pyairtable import Api

from tests.services.airtable.batches import REPORT
from tests.services.airtable.conftest import BASE
from tests.services.airtable.paths import TABLE


def test_tokens_do_not_see_each_other(mock, table):
    """Each token has its own records."""
    table.create(REPORT)

    assert Api("patother.x").table(BASE, "Reports").all() == []


@pytest.mark.parametrize("header", [None, "", "Basic x", "Bearer", "Bearer patexpired.mockcbs"])
def test_token_is_needed(client, header):
    """A call without a token, or with one that has expired, is refused."""
    client.environ_base.pop("HTTP_AUTHORIZATION")

    response = client.get(TABLE, headers={} if header is None else {"Authorization": header})

    wanted = {"error": {"type": "AUTHENTICATION_REQUIRED", "message": "Authentication required"}}
    assert (response.status_code, response.json) == (401, wanted)
