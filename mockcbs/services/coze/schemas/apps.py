"""Queries and bodies of apps, folders and templates (contract 3.12)."""

from mockcbs.services.coze.folders import TYPES
from mockcbs.services.coze.schemas.fields import Body, Id, channel, choice, text
from mockcbs.services.coze.schemas.pages import Pages


class AppsQuery(Pages):
    """Query of the list of apps."""

    workspace_id = Id(required=True)
    publish_status = choice(
        "all", "published_online", "published_draft", "unpublished_draft", load_default="published_online"
    )
    connector_id = channel()


class FoldersQuery(Pages):
    """Query of the list of folders."""

    workspace_id = Id(required=True)
    folder_type = choice(*TYPES, required=True)
    parent_folder_id = text(load_default="")


class DuplicateTemplate(Body):
    """Body of creating a bot from a template."""

    workspace_id = Id(required=True)
    name = text(50, load_default="")
