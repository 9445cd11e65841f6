"""Workspaces and their members (contract 3.8, 3.14): the personal one, and created ones."""

from dataclasses import dataclass, replace
from typing import Any

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import accounts, errors
from mockcbs.services.coze.envelope import WORKSPACE, new_id
from mockcbs.services.coze.records import Records

OWNER, ADMIN, MEMBER = ROLES = ("owner", "admin", "member")


@dataclass(frozen=True)
class Workspace:
    """A workspace: the personal one, or one that a client created."""

    id: str
    name: str
    description: str = ""
    workspace_type: str = "team"
    enterprise_id: str = ""

    def shown(self) -> dict[str, Any]:
        """The workspace as clients see it."""
        return {
            "id": self.id,
            "name": self.name,
            "icon_url": "",
            "role_type": OWNER,
            "workspace_type": self.workspace_type,
            "enterprise_id": self.enterprise_id,
        }


@dataclass(frozen=True)
class Member:
    """A user of a workspace."""

    workspace_id: str
    user_id: str
    role_type: str

    def shown(self) -> dict[str, Any]:
        """The member as clients see it."""
        name = "mockcbs" if self.user_id == accounts.user_id() else f"user_{self.user_id}"
        return {
            "user_id": self.user_id,
            "role_type": self.role_type,
            "user_nickname": name,
            "user_unique_name": name,
            "avatar_url": "",
        }


_KEPT = Records("coze.workspace", Workspace)
_MEMBERS = Records("coze.workspace_member", Member)


def listed() -> list[Workspace]:
    """The account's workspaces, the personal one first."""
    return [_personal(), *(one for one in _KEPT.select() if one.id != WORKSPACE)]


def create(name: str, description: str, enterprise_id: str) -> Workspace:
    """Create a workspace of a team."""
    made = Workspace(new_id(), name, description, enterprise_id=enterprise_id)
    return _KEPT.put(made.id, made)


def find(workspace_id: str) -> Workspace:
    """The workspace with that id; raises `ApiError` 4200."""
    if workspace_id == WORKSPACE:
        return _personal()
    if found := _KEPT.get(workspace_id):
        return found
    raise ApiError(
        errors.RESOURCE_NOT_FOUND,
        f"the account has no workspace {workspace_id}; its personal one is {WORKSPACE}",
    )


def home(workspace_id: str) -> str:
    """The workspace for *workspace_id*: a created one, or else the personal one."""
    return workspace_id if _KEPT.get(workspace_id) else WORKSPACE


def change(workspace: Workspace, **details: Any) -> Workspace:
    """Change the *details* of a workspace."""
    return _KEPT.put(workspace.id, replace(workspace, **details))


def members(workspace: Workspace) -> list[Member]:
    """The members of *workspace*, its owner first."""
    return [_owner(workspace), *_MEMBERS.select(workspace_id=workspace.id)]


def has_member(workspace: Workspace, user_id: str) -> bool:
    """Whether that user is a member of *workspace*."""
    return any(member.user_id == user_id for member in members(workspace))


def add_members(workspace: Workspace, users: list[dict[str, str]]) -> dict[str, list[str]]:
    """Add members; returns which were added, and which were members before."""
    outcome: dict[str, list[str]] = {
        "added_success_user_ids": [],
        "invited_success_user_ids": [],
        "not_exist_user_ids": [],
        "already_joined_user_ids": [],
        "already_invited_user_ids": [],
    }
    for user in users:
        if has_member(workspace, user["user_id"]):
            outcome["already_joined_user_ids"].append(user["user_id"])
            continue
        member = Member(workspace.id, user["user_id"], user["role_type"])
        _MEMBERS.put(_key(member), member)
        outcome["added_success_user_ids"].append(member.user_id)
    return outcome


def remove_members(workspace: Workspace, user_ids: list[str]) -> dict[str, list[str]]:
    """Remove members; returns which were removed, which were no members, and which own the workspace."""
    outcome: dict[str, list[str]] = {
        "removed_success_user_ids": [],
        "not_in_workspace_user_ids": [],
        "owner_not_support_remove_user_ids": [],
    }
    for user_id in user_ids:
        if user_id == _owner(workspace).user_id:
            outcome["owner_not_support_remove_user_ids"].append(user_id)
        elif _MEMBERS.delete(_key(Member(workspace.id, user_id, MEMBER))):
            outcome["removed_success_user_ids"].append(user_id)
        else:
            outcome["not_in_workspace_user_ids"].append(user_id)
    return outcome


def _personal() -> Workspace:
    return _KEPT.get(WORKSPACE) or Workspace(WORKSPACE, "Personal", workspace_type="personal")


def _owner(workspace: Workspace) -> Member:
    return Member(workspace.id, accounts.user_id(), OWNER)


def _key(member: Member) -> str:
    return f"{member.workspace_id}/{member.user_id}"
