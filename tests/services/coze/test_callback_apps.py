"""Callback apps as cozepy drives them, and the callbacks of bots on a real endpoint."""

import cozepy
import pytest
from cozepy import AppType, Coze, CozeAPIError, TokenAuth

from mockcbs import Mock
from mockcbs.core.clock import real_now
from mockcbs.testing.webhooks import ReceiverServer
from mockcbs.webhooks.signatures import CozeSigner
from tests.databases import free_port
from tests.services.coze.conftest import caller


@pytest.fixture
def mock():
    with Mock(dataset="coze-sample") as mock:
        yield mock
        mock.state.close()


@pytest.fixture
def coze(mock):
    client = cozepy.SyncHTTPClient(transport=mock.httpx_transport(), base_url="https://api.coze.cn")
    return Coze(auth=TokenAuth("pat_mockcbs"), base_url="https://api.coze.cn", http_client=client)


def test_a_bot_is_published(mock, coze):
    """An app that subscribed to bot.published gets it in the vendor's envelope, signed with its token."""
    with ReceiverServer() as receiver:
        app = coze.api_apps.create(app_type=AppType.NORMAL, name="mine")
        coze.api_apps.update(app_id=app.id, callback_url=receiver.url)
        coze.api_apps.events.create(api_app_id=app.id, event_types=["bot.published", "bot.unpublished"])
        coze.api_apps.events.delete(api_app_id=app.id, event_types=["bot.unpublished"])
        bot = coze.bots.create(space_id="7361424235321600001", name="demo")
        coze.bots.publish(bot_id=bot.bot_id)
        mock.webhooks.wait(1)

        (one,) = receiver.received
        headers = {name.title(): value for name, value in one.headers.items()}
        CozeSigner(app.verify_token).check(headers, one.body, real_now())
        assert one.event["header"]["event_type"] == "bot.published"
        assert one.event["header"]["api_app_id"] == app.id
        assert one.event["event"]["bot_id"] == int(bot.bot_id)
        assert one.event["event"]["bot_id_str"] == bot.bot_id
        assert [event.event_type for event in coze.api_apps.events.list(api_app_id=app.id)] == [
            "bot.published"
        ]


def test_apps_are_listed_in_pages_and_deleted(coze):
    """Created apps can be listed in pages, and deleted."""
    made = [coze.api_apps.create(app_type=AppType.NORMAL, name=f"app {n}") for n in range(5)]

    listed = [app.id for app in coze.api_apps.list(page_size=2)]
    coze.api_apps.delete(app_id=made[0].id)

    assert listed == [app.id for app in made]
    assert [app.id for app in coze.api_apps.list()] == [app.id for app in made[1:]]
    with pytest.raises(CozeAPIError, match="4200"):
        coze.api_apps.update(app_id=made[0].id, name="gone")


def test_a_url_that_fails_the_challenge(coze):
    """A URL that fails the challenge is refused, and the app has no URL."""
    app = coze.api_apps.create(app_type=AppType.NORMAL, name="mine")

    with pytest.raises(CozeAPIError, match="4000"):
        coze.api_apps.update(app_id=app.id, callback_url=f"http://127.0.0.1:{free_port()}/")

    (listed,) = coze.api_apps.list()
    assert not listed.callback_url


def test_tokens_of_callback_apps_are_equal():
    """While the clock is frozen, two runs give an app the same token."""
    body = {"app_type": "normal", "name": "x"}

    assert caller().post("/v1/api_apps", json=body).json == caller().post("/v1/api_apps", json=body).json
