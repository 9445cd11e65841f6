"""Errors of CBS that clients can provoke."""

import pytest

from mockcbs.services.cbs import errors
from tests.conftest import PROJECT
from tests.services.cbs.requests import TOKEN


@pytest.mark.parametrize("row", errors.CATALOGUE, ids=lambda row: row.code)
def test_a_bot_id_provokes_each_error_of_cbs(client, row):
    """Bot 00000000-0000-0000-0000-00000000NNNN answers CBS.NNNN."""
    bot = row.provoke.removeprefix("bot ")

    response = client.get(f"/v1/{PROJECT}/qabots/{bot}/requests/keywords", headers=TOKEN)

    assert response.status_code == row.status
    assert response.json == {"error_code": row.code, "error_msg": row.message}
