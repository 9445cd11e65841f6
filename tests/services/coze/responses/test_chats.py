"""Chats, conversations and messages: the JSON type of each member in the published files."""

import pytest

TABLE = """
chat id str
chat conversation_id str
chat bot_id str
chat created_at int
chat completed_at int
chat status str
chat meta_data dict
chat last_error dict
chat usage dict
chat section_id str
message id str
message conversation_id str
message bot_id str
message chat_id str
message section_id str
message role str
message type str
message content str
message content_type str
message meta_data dict
message created_at int
message updated_at int
conversation id str
conversation name str
conversation created_at int
conversation updated_at int
conversation creator_id str
conversation connector_id str
conversation last_section_id str
conversation meta_data dict
"""


@pytest.mark.parametrize("row", TABLE.strip().splitlines())
def test_types(answers, row):
    """A field is of the type that statically typed clients expect."""
    shape, name, kind = row.split()

    assert type(answers[shape][name]).__name__ == kind
