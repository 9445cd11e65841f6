"""Bots, workspaces and the account (contract 3.1, 3.8, 3.9)."""

from marshmallow import fields, validate

from mockcbs.services.coze.responses.fields import Creator, Flag, Part, Whole, identifier, seconds, text


class _BotPrompt(Part):
    prompt = text()


class _BotOnboarding(Part):
    prologue = text()
    suggested_questions = fields.List(fields.String(), required=True)


class _Model(Part):
    model_id = identifier()
    model_name = text()


class Bot(Part):
    """The settings of a bot."""

    bot_id = identifier()
    name = fields.String()
    description = fields.String()
    icon_url = fields.String()
    create_time = seconds()
    update_time = seconds()
    version = fields.String()
    owner_user_id = fields.String()
    prompt_info = fields.Nested(_BotPrompt)
    onboarding_info = fields.Nested(_BotOnboarding)
    bot_mode = Whole()
    plugin_info_list = fields.List(fields.Dict())
    workflow_info_list = fields.List(fields.Dict())
    model_info = fields.Nested(_Model)


class _SpaceBot(Part):
    bot_id = identifier()
    bot_name = text()
    description = text()
    icon_url = text()
    publish_time = fields.String(
        required=True, validate=validate.Regexp(r"\d{10}\Z", error="is not a string of seconds")
    )


class SpaceBots(Part):
    """The older list of bots."""

    space_bots = fields.List(fields.Nested(_SpaceBot), required=True)
    total = Whole(required=True)


class _ListedBot(Part):
    id = identifier()
    name = text()
    description = text()
    icon_url = text()
    is_published = Flag(required=True)
    updated_at = seconds(required=True)
    owner_user_id = identifier()
    folder_id = fields.String()
    published_at = seconds()


class Bots(Part):
    """The list of bots."""

    items = fields.List(fields.Nested(_ListedBot), required=True)
    total = Whole(required=True)


class MadeBot(Part):
    """A bot that was created or published."""

    bot_id = identifier()
    version = fields.String(metadata={"description": "Of a bot that was published."})


class _BotVersion(Part):
    version = identifier()
    description = text()
    created_at = text()
    updated_at = text()
    connector_ids = fields.List(fields.String(), required=True)
    creator = fields.Nested(Creator, required=True)


class BotVersions(Part):
    """Versions of a bot."""

    items = fields.List(fields.Nested(_BotVersion), required=True)
    has_more = Flag(required=True)
    total = Whole(required=True)


class _Workspace(Part):
    id = identifier()
    name = text()
    icon_url = text()
    role_type = fields.String(required=True, validate=validate.OneOf(("owner", "admin", "member")))
    workspace_type = fields.String(required=True, validate=validate.OneOf(("personal", "team")))
    enterprise_id = text()


class Workspaces(Part):
    """The list of workspaces."""

    workspaces = fields.List(fields.Nested(_Workspace), required=True)
    total_count = Whole(required=True)


class User(Part):
    """The caller."""

    user_id = identifier()
    user_name = text()
    nick_name = text()
    avatar_url = text()


class _UserVariable(Part):
    keyword = identifier()
    value = text()
    create_time = Whole()
    update_time = Whole()


class Variables(Part):
    """Variables of a user."""

    items = fields.List(fields.Nested(_UserVariable), required=True)


class File(Part):
    """An uploaded file."""

    id = identifier()
    bytes = Whole(required=True)
    file_name = text()
    created_at = seconds(required=True)
