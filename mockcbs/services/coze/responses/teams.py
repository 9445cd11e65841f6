"""Workspaces and enterprises: members and organizations (contract 3.8, 3.14)."""

from marshmallow import fields

from mockcbs.core.fields import List
from mockcbs.services.coze.responses.fields import Flag, Part, Whole, identifier, text


def _ids() -> List[str]:
    return fields.List(fields.String(), required=True)


class MadeWorkspace(Part):
    """A workspace that was created."""

    id = identifier()


class _Member(Part):
    user_id = identifier()
    role_type = text()
    user_nickname = text()
    user_unique_name = text()
    avatar_url = text()


class Members(Part):
    """The members of a workspace."""

    items = fields.List(fields.Nested(_Member), required=True)
    total_count = Whole(required=True)
    has_more = Flag(required=True)
    next_page_token = fields.String()


class AddedMembers(Part):
    """The users that were added to a workspace."""

    added_success_user_ids = _ids()
    invited_success_user_ids = _ids()
    not_exist_user_ids = _ids()
    already_joined_user_ids = _ids()
    already_invited_user_ids = _ids()


class RemovedMembers(Part):
    """The users that were removed from a workspace."""

    removed_success_user_ids = _ids()
    not_in_workspace_user_ids = _ids()
    owner_not_support_remove_user_ids = _ids()


class MadeOrganization(Part):
    """An organization that was created."""

    organization_id = identifier()
