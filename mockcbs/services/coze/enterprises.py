"""Enterprises: their members, and their organizations with members (contract 3.14).

Nobody creates an enterprise here: every id of the right form is one of the account's.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import errors
from mockcbs.services.coze.envelope import new_id
from mockcbs.services.coze.records import Records

MAX_ORGANIZATIONS = 20
"""Of one enterprise, as the vendor's page says."""

Place = Literal["enterprise", "organization"]


@dataclass(frozen=True)
class Organization:
    """An organization of an enterprise."""

    id: str
    enterprise_id: str
    name: str
    super_admin_user_id: str
    description: str = ""


@dataclass(frozen=True)
class _Member:
    """A user of an enterprise or an organization."""

    place: Place
    place_id: str
    user_id: str
    role: str


_ORGANIZATIONS = Records("coze.organization", Organization)
_MEMBERS = Records("coze.enterprise_member", _Member)


def add_members(place: Place, place_id: str, users: list[dict[str, str]]) -> None:
    """Let users in, all or none; 4201 if one of them is there already."""
    joining = [_Member(place, place_id, user["user_id"], user["role"]) for user in users]
    for member in joining:
        if _MEMBERS.get(_key(member)):
            raise ApiError(
                errors.MEMBER_EXISTS, f"user {member.user_id} is a member of {place} {place_id} already"
            )
    for member in joining:
        _MEMBERS.put(_key(member), member)


def change_role(place: Place, place_id: str, user_id: str, role: str) -> None:
    """Give a member another role; 4200 for somebody who is no member."""
    member = _member(place, place_id, user_id)
    _MEMBERS.put(_key(member), replace(member, role=role))


def remove_member(place: Place, place_id: str, user_id: str) -> None:
    """Take a member out; 4200 for somebody who is none."""
    _MEMBERS.delete(_key(_member(place, place_id, user_id)))


def create_organization(enterprise_id: str, **details: str) -> Organization:
    """A new organization, whose super admin is its first member; 4000 if the enterprise has too many."""
    if len(_ORGANIZATIONS.select(enterprise_id=enterprise_id)) >= MAX_ORGANIZATIONS:
        raise errors.parameter(f"an enterprise has at most {MAX_ORGANIZATIONS} organizations")
    made = Organization(new_id(), enterprise_id, **details)
    admin = _Member("organization", made.id, made.super_admin_user_id, "organization_super_admin")
    _MEMBERS.put(_key(admin), admin)
    return _ORGANIZATIONS.put(made.id, made)


def organization(organization_id: str) -> Organization:
    """The organization of that id; 4200 if nobody created it."""
    if found := _ORGANIZATIONS.get(organization_id):
        return found
    raise ApiError(errors.RESOURCE_NOT_FOUND, f"no organization {organization_id} was created here")


def change_organization(found: Organization, **details: Any) -> None:
    """The same with other *details*."""
    _ORGANIZATIONS.put(found.id, replace(found, **details))


def _member(place: Place, place_id: str, user_id: str) -> _Member:
    if found := _MEMBERS.get(_key(_Member(place, place_id, user_id, ""))):
        return found
    raise ApiError(errors.RESOURCE_NOT_FOUND, f"user {user_id} is no member of {place} {place_id}")


def _key(member: _Member) -> str:
    return f"{member.place}/{member.place_id}/{member.user_id}"
