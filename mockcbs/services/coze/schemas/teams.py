"""Queries and bodies of workspaces, enterprises, collaborators and channels (contract 3.8, 3.12, 3.14)."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from mockcbs.services.coze.collaborators import MODES
from mockcbs.services.coze.connectors import PASSED, PENDING, REJECTED
from mockcbs.services.coze.schemas.fields import (
    Body,
    Id,
    Item,
    Items,
    Query,
    QueryWhole,
    Whole,
    choice,
    page_number,
    text,
)
from mockcbs.services.coze.workspaces import MEMBER, ROLES

_MAX_USERS = {"workspace": 20, "removal": 5, "enterprise": 200}
"""The maximum number of users in a call."""


class CreateWorkspace(Body):
    """Body of creating a workspace."""

    name = text(50, 1, required=True)
    description = text(2000, load_default="")
    icon_file_id = text()
    enterprise_id = text(64, load_default="")
    coze_account_id = text()
    owner_uid = text()


class UpdateWorkspace(Body):
    """Body of changing a workspace."""

    name = text(50, 1)
    description = text(2000)
    icon_file_id = text()


class MembersQuery(Query):
    """Query of the members of a workspace: by page number, as in cozepy, or by page token."""

    page_num = page_number()
    page_size = QueryWhole(1, 50, load_default=20)
    page_token = QueryWhole(0, 1_000_000, load_default=0)


class _NewMember(Body):
    user_id = Id(required=True)
    role_type = choice(*ROLES, load_default=MEMBER)


class AddMembers(Body):
    """Body of adding users to a workspace."""

    users = Items(Item(_NewMember), 1, _MAX_USERS["workspace"], required=True)


class RemoveMembers(Body):
    """Body of removing users from a workspace."""

    user_ids = Items(Id(), 1, _MAX_USERS["removal"], required=True)


_ENTERPRISE_ROLES = ("enterprise_admin", "enterprise_member")
_ORGANIZATION_ROLES = (
    "organization_super_admin",
    "organization_admin",
    "organization_member",
    "organization_guest",
)


class _EnterpriseMember(Body):
    user_id = Id(required=True)
    role = choice(*_ENTERPRISE_ROLES, load_default="enterprise_member")


class AddEnterpriseMembers(Body):
    """Body of adding users to an enterprise."""

    users = Items(Item(_EnterpriseMember), 1, _MAX_USERS["enterprise"], required=True)


class ChangeEnterpriseMember(Body):
    """Body of changing the role of a member of an enterprise."""

    role = choice(*_ENTERPRISE_ROLES, required=True)


class RemoveEnterpriseMember(Body):
    """Body of removing a member of an enterprise, with the user who takes over the member's resources."""

    receiver_user_id = Id(required=True)


class CreateOrganization(Body):
    """Body of creating an organization."""

    name = text(50, 1, required=True)
    super_admin_user_id = Id(required=True)
    description = text(2000, load_default="")


class UpdateOrganization(Body):
    """Body of changing an organization."""

    name = text(50, 1)
    description = text(2000)


class _OrganizationMember(Body):
    user_id = Id(required=True)
    role = choice(*_ORGANIZATION_ROLES, load_default="organization_member")


class AddOrganizationMembers(Body):
    """Body of adding users to an organization."""

    users = Items(Item(_OrganizationMember), 1, _MAX_USERS["enterprise"], required=True)


class RemoveOrganizationMember(Body):
    """Body of removing a member of an organization; it may be empty."""

    receiver_user_id = Id()


class _Collaborator(Body):
    user_id = Id(required=True)


class AddCollaborators(Body):
    """Body of adding a collaborator: one per call (vendor's page)."""

    collaborators = Items(Item(_Collaborator), 1, 1, required=True)


class CollaborationMode(Body):
    """Body of opening or closing a bot for collaborators."""

    collaboration_mode = choice(*MODES, required=True)


class AuditBot(Body):
    """Body of an audit of a bot; a rejection needs a reason."""

    audit_status = Whole(PENDING, REJECTED, load_default=PASSED)
    reason = text(1000, load_default="")

    @validates_schema(skip_on_field_errors=True)
    def _reason(self, data: dict[str, Any], **_: Any) -> None:
        if data["audit_status"] == REJECTED and not data["reason"]:
            raise ValidationError("is required with audit_status 3", "reason")


class InstallConnector(Body):
    """Body of adding a channel to a workspace."""

    workspace_id = Id(required=True)


class _Device(Body):
    label = text(required=True)
    value = text(required=True)


class _UserConfig(Body):
    key = text(256, 1, required=True)
    enums = Items(Item(_Device), required=True)


class BindDevices(Body):
    """Body of binding devices to a channel."""

    configs = Items(Item(_UserConfig), 1, required=True)
    user_id = text(64, load_default="")
