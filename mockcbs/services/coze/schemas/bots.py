"""Queries and bodies of the calls about bots (contract 3.1)."""

from mockcbs.services.coze.schemas.fields import (
    Body,
    Id,
    Item,
    Items,
    Object,
    Query,
    QueryFlag,
    channel,
    choice,
    text,
)
from mockcbs.services.coze.schemas.pages import Pages


class BotQuery(Query):
    """Query of the older bot call."""

    bot_id = Id(required=True)


class DraftQuery(Query):
    """Query of the newer bot call."""

    is_published = QueryFlag(load_default=True)


class SpaceBotsQuery(Pages):
    """Query of the older list of bots."""

    space_id = Id(required=True)


class BotsQuery(Pages):
    """Query of the list of bots."""

    workspace_id = Id(required=True)
    publish_status = choice(
        "all", "published_online", "published_draft", "unpublished_draft", load_default="published_online"
    )
    connector_id = channel()


class _Prompt(Body):
    prompt = text()


class _Onboarding(Body):
    prologue = text()
    suggested_questions = Items(text())


class _BotBody(Body):
    name = text(20, 1)
    description = text(500)
    icon_file_id = text()
    prompt_info = Item(_Prompt)
    onboarding_info = Item(_Onboarding)
    suggest_reply_info = Object()
    model_info_config = Object()


class CreateBot(_BotBody):
    """Body of creating a bot."""

    space_id = Id(required=True)
    name = text(20, 1, required=True)


class UpdateBot(_BotBody):
    """Body of updating a bot."""

    bot_id = Id(required=True)


class PublishBot(Body):
    """Body of publishing a bot."""

    bot_id = Id(required=True)
    connector_ids = Items(Id(), 1, required=True)


class UnpublishBot(Body):
    """Body of unpublishing a bot."""

    connector_id = channel()
    unpublish_reason = text()
