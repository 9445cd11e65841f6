"""Queries and bodies of the calls about bots."""

import pytest

from mockcbs.services.coze.envelope import WORKSPACE
from mockcbs.services.coze.schemas.bots import BotsQuery, CreateBot, DraftQuery, PublishBot, UpdateBot
from tests.services.coze.conftest import BOT
from tests.services.coze.schemas.refusing import problems


@pytest.mark.parametrize(
    ("changes", "member"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 21}, "name"),
        ({"description": "x" * 501}, "description"),
        ({"prompt_info": {"prompt": 5}}, "prompt_info"),
        ({"onboarding_info": {"suggested_questions": "one"}}, "onboarding_info"),
        ({"space_id": "mine"}, "space_id"),
    ],
)
def test_a_bot_has_a_short_name_and_a_workspace(changes, member):
    """A name has up to 20 letters; the error names a wrong member."""
    assert problems(CreateBot, {"space_id": WORKSPACE, "name": "demo"}, **changes).keys() == {member}


def test_an_update_may_leave_the_name_out():
    """An update needs only the bot."""
    assert UpdateBot().validate({"bot_id": BOT}) == {}
    assert UpdateBot().validate({"name": "demo"}).keys() == {"bot_id"}


def test_a_bot_is_published_to_channels():
    """Publishing needs at least one channel."""
    good = {"bot_id": BOT, "connector_ids": ["1024"]}

    assert problems(PublishBot, good, connector_ids=[]).keys() == {"connector_ids"}


def test_what_is_listed_by_default():
    """Bots that are published, on the first page."""
    query = BotsQuery().load({"workspace_id": WORKSPACE})

    assert (query["publish_status"], query["page_num"], query["page_size"]) == ("published_online", 1, 20)
    assert DraftQuery().load({"is_published": "false"}) == {"is_published": False}
    assert DraftQuery().validate({"is_published": "no"}).keys() == {"is_published"}
