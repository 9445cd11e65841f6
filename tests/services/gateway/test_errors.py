"""Errors of the gateway."""

import pytest

from mockcbs.services.gateway import errors as gateway
from tests.conftest import BOT
from tests.services.cbs.requests import TOKEN
from tests.services.gateway.clients import PATH, client_of


@pytest.mark.parametrize("row", [row for row in gateway.CATALOGUE if row.provoke], ids=lambda row: row.code)
def test_a_project_id_provokes_each_code_of_the_gateway(client, row):
    """Project id of 28 zeros and NNNN answers APIG.NNNN."""
    project = row.provoke.removeprefix("project ")

    response = client.get(f"/v1/{project}/qabots/{BOT}/requests/keywords", headers=TOKEN)

    assert len(project) == 32
    assert (response.status_code, response.json["error_code"]) == (row.status, row.code)


@pytest.mark.parametrize("setting", ["APIG", "APIGW"])
def test_the_prefix_of_gateway_codes_can_be_chosen(setting):
    """The prefix of gateway codes is a setting (contract D-7)."""
    response = client_of(gateway_prefix=setting).get(PATH)

    assert response.get_json()["error_code"] == f"{setting}.0301"
