"""Conversations, as clients make them."""

import pytest

from mockcbs import Mock
from mockcbs.core.errors import ApiError
from mockcbs.services.coze import conversations, messages
from tests.services.coze.calls import QUESTION
from tests.services.coze.conftest import BOT, TOKEN

BODY = {**QUESTION, "meta_data": {}}


@pytest.fixture
def request_of_a_client():
    with Mock(dataset="coze-sample").app.test_request_context("/v1/users/me", headers=TOKEN) as request:
        request.app.preprocess_request()
        yield


@pytest.mark.usefixtures("request_of_a_client")
def test_a_conversation_takes_its_messages_along():
    """A deleted conversation is not found (4002), and its messages are deleted."""
    made = conversations.create(BOT, "mine")
    messages.keep(conversations.said(made, BODY))
    assert conversations.find(made.id) == made
    assert len(messages.of_conversation(made.id)) == 1

    conversations.delete(made.id)

    assert messages.of_conversation(made.id) == []
    assert conversations.peek(made.id) is None
    with pytest.raises(ApiError) as error:
        conversations.find(made.id)
    assert error.value.spec.code == "4002"


@pytest.mark.usefixtures("request_of_a_client")
def test_a_message_belongs_to_the_section_at_hand():
    """The bot of a conversation is not shown."""
    made = conversations.create(BOT)

    said = conversations.said(made, BODY)

    assert said.section_id == made.last_section_id
    assert "bot_id" not in made.shown()


@pytest.mark.usefixtures("request_of_a_client")
def test_unknown_files_are_refused():
    """A message of parts may refer to uploaded files only (4304)."""
    made = conversations.create()
    parts = {**BODY, "content_type": "object_string", "content": '[{"type":"file","file_id":"5"}]'}

    with pytest.raises(ApiError) as error:
        conversations.said(made, parts)
    assert error.value.spec.code == "4304"
