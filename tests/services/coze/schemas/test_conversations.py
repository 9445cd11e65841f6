"""Queries and bodies of the calls about conversations and their messages."""

import pytest

from mockcbs.core.errors import ApiError
from mockcbs.services.coze.schemas.conversations import (
    ConversationsQuery,
    CreateConversation,
    Feedback,
    MessagesQuery,
    ModifyMessage,
)
from tests.services.coze.calls import QUESTION
from tests.services.coze.conftest import BOT
from tests.services.coze.schemas.refusing import problems


@pytest.mark.parametrize(
    ("changes", "member"),
    [
        ({"name": "x" * 101}, "name"),
        ({"bot_id": "abc"}, "bot_id"),
        ({"messages": [{"role": "king", "content": "x", "content_type": "text"}]}, "messages"),
    ],
)
def test_a_new_conversation(changes, member):
    """A new conversation may have a bot, a name of up to 100 letters, and messages."""
    assert problems(CreateConversation, {"messages": [QUESTION]}, **changes).keys() == {member}


def test_too_many_pairs_have_an_error_of_their_own():
    """Meta data of more than 16 pairs is 4003."""
    with pytest.raises(ApiError) as error:
        CreateConversation().load({"meta_data": {str(number): "x" for number in range(17)}})
    assert error.value.spec.code == "4003"


def test_messages_are_listed_newest_first():
    """Up to 50 messages are listed, the newest first."""
    assert MessagesQuery().load({"limit": 50})["order"] == "desc"
    assert problems(MessagesQuery, {}, limit=51, order="up").keys() == {"limit", "order"}
    assert ConversationsQuery().load({"bot_id": BOT})["sort_order"] == "DESC"


def test_a_change_changes_something():
    """An empty change is refused, and so is plain text where a list of parts is stated."""
    assert problems(ModifyMessage, {"content": "x"}, content_type="object_string").keys()
    assert "give content" in str(ModifyMessage().validate({}))


def test_an_answer_is_liked_or_not():
    """Feedback has up to ten reasons."""
    good = {"feedback_type": "like", "reason_types": ["x"] * 10}

    assert problems(Feedback, good, feedback_type="love", reason_types=["x"] * 11).keys() == good.keys()
