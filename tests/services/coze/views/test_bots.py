"""The calls about bots, from making one to taking it off its channels."""

from mockcbs.services.coze.envelope import WORKSPACE
from tests.services.coze.calls import code, data
from tests.services.coze.conftest import BOT, DRAFT, FOREIGN


def made(coze, **members):
    return data(coze.post("/v1/bot/create", json={"space_id": WORKSPACE, "name": "demo", **members}))[
        "bot_id"
    ]


def listed(coze, status):
    found = data(coze.get(f"/v1/bots?workspace_id={WORKSPACE}&publish_status={status}"))
    return {item["id"]: item for item in found["items"]}


def test_the_life_of_a_bot(coze):
    """A bot is a draft until it is published to channels, and again when it has none."""
    bot = made(coze)
    assert code(coze.get(f"/v1/bots/{bot}")) == 4015
    assert data(coze.get(f"/v1/bots/{bot}?is_published=false"))["version"] == ""
    assert "published_at" not in listed(coze, "unpublished_draft")[bot]

    data(coze.post("/v1/bot/publish", json={"bot_id": bot, "connector_ids": ["1024", "999"]}))

    assert data(coze.get(f"/v1/bot/get_online_info?bot_id={bot}"))["name"] == "demo"
    assert listed(coze, "published_online")[bot]["is_published"]
    (version,) = data(coze.get(f"/v1/bots/{bot}/versions"))["items"]
    assert version["connector_ids"] == ["1024", "999"]

    coze.post(f"/v1/bots/{bot}/unpublish", json={"connector_id": "1024"})

    assert code(coze.get(f"/v1/bots/{bot}")) == 4015
    assert bot not in listed(coze, "published_online")


def test_other_settings(coze):
    """An update changes what it names and leaves the rest."""
    bot = made(coze, description="before", prompt_info={"prompt": "Be kind."})

    coze.post("/v1/bot/update", json={"bot_id": bot, "description": "after"})

    shown = data(coze.get(f"/v1/bots/{bot}?is_published=false"))
    assert (shown["name"], shown["description"], shown["prompt_info"]["prompt"]) == (
        "demo",
        "after",
        "Be kind.",
    )


def test_the_older_list_has_published_bots_only(coze):
    """The older list has only published bots, in pages."""
    whole = data(coze.get(f"/v1/space/published_bots_list?space_id={WORKSPACE}"))
    page = data(coze.get(f"/v1/space/published_bots_list?space_id={WORKSPACE}&page_index=2&page_size=1"))

    ids = [one["bot_id"] for one in whole["space_bots"]]
    assert BOT in ids
    assert DRAFT not in ids
    assert [one["bot_id"] for one in page["space_bots"]] == ids[1:2]


def test_somebody_else_s_bot(coze):
    """A bot of another account can be neither seen nor changed."""
    assert code(coze.get(f"/v1/bots/{FOREIGN}")) == 4101
    assert code(coze.post("/v1/bot/update", json={"bot_id": FOREIGN, "name": "mine"})) == 4101
