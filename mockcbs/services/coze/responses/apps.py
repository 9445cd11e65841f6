"""Apps, folders, templates and callback apps (contract 3.12, 3.13)."""

from marshmallow import fields

from mockcbs.services.coze.responses.fields import Flag, Part, Whole, identifier, seconds, text


class _App(Part):
    id = identifier()
    name = text()
    description = text()
    icon_url = text()
    is_published = Flag(required=True)
    owner_user_id = identifier()
    updated_at = seconds(required=True)
    published_at = seconds()
    folder_id = text()


class Apps(Part):
    """The list of apps."""

    items = fields.List(fields.Nested(_App), required=True)
    total = Whole(required=True)


class Folder(Part):
    """A folder."""

    id = identifier()
    name = text()
    description = text()
    folder_type = text()
    workspace_id = identifier()
    creator_user_id = identifier()
    parent_folder_id = text()
    children_count = Whole(required=True)


class Folders(Part):
    """The list of folders."""

    items = fields.List(fields.Nested(Folder), required=True)
    total_count = Whole(required=True)


class MadeEntity(Part):
    """The bot or app that was created from a template."""

    entity_id = identifier()
    entity_type = text()


class CallbackApp(Part):
    """A callback app."""

    id = identifier()
    name = text()
    app_type = identifier()
    connector_id = fields.String()
    verify_token = fields.String()
    callback_url = text()


class CallbackApps(Part):
    """One page of callback apps."""

    items = fields.List(fields.Nested(CallbackApp), required=True)
    has_more = Flag(required=True)
    next_page_token = fields.String()


class _CallbackEvent(Part):
    api_app_id = identifier()
    name = text()
    description = text()
    event_type = identifier()


class CallbackEvents(Part):
    """One page of the events of a callback app."""

    items = fields.List(fields.Nested(_CallbackEvent), required=True)
    has_more = Flag(required=True)
    next_page_token = fields.String()
