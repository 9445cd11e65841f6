"""The list of bots and workflows to choose from."""

import pytest

from mockcbs import Settings, create_app
from mockcbs.console.bots import listed
from tests.conftest import BOT, NOW, PROJECT

COZE = {"Authorization": "Bearer pat_mockcbs"}


@pytest.fixture
def app():
    return create_app(Settings(now=NOW))


def ids(app):
    return {(one["id"], one["kind"], one["service"]) for one in listed(app.extensions["mockcbs"])}


def test_those_of_the_dataset(app):
    """The bots of the dataset are listed from the start, each with its project or account."""
    found = {one["id"]: one for one in listed(app.extensions["mockcbs"])}

    assert found[BOT]["project"] == PROJECT
    assert found["7389589103588700001"]["kind"] == "workflow"
    assert found["7342866812345678901"]["project"] is None


def test_those_that_clients_made_or_asked_about(app):
    """A bot is listed when it is created, or when a client asks about it, also in another account."""
    client = app.test_client()
    other = {"Authorization": "Bearer pat_other"}
    asked = "7000000000000000042"

    made = client.post(
        "/v1/bot/create", headers=COZE, json={"space_id": "7361424235321600001", "name": "new"}
    ).json["data"]["bot_id"]
    client.get(f"/v1/bots/{asked}/analytics?start_date=2026-11-21&end_date=2026-11-22", headers=other)

    found = {one["id"]: one for one in listed(app.extensions["mockcbs"])}
    assert found[made]["name"] == "new"
    assert found[asked]["scope"] != found[made]["scope"]
