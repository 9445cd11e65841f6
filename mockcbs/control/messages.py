"""``/_mockcbs/messages``: messages to groups, custom bots and mailboxes."""

from typing import Any

from mockcbs.control.schemas import ScopeQuery, whole
from mockcbs.control.views import blp
from mockcbs.core.files import one_of, text
from mockcbs.messages.store import KINDS, Messages
from mockcbs.web import context


class MessageQuery(ScopeQuery):
    """Which messages to show."""

    kind = one_of(*KINDS)
    to = text(256, 1, metadata={"description": "A chat, a person, a custom bot's token or an address."})
    limit = whole(1, 1000, load_default=100)


@blp.get("/messages")
@blp.arguments(MessageQuery, location="query")
@blp.answers(200, "stores.MessageList")
def list_messages(query: dict[str, Any]) -> dict[str, Any]:
    """The last messages, oldest first. Messages that are due are sent first."""
    mock = context.mock()
    mock.catch_up()
    found = Messages(mock.documents).select(
        query["scope"], kind=query.get("kind"), to=query.get("to"), limit=query["limit"]
    )
    return {"messages": [message.as_dict() for message in found]}
