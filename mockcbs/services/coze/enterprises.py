"""Enterprises, with members and organizations (contract 3.14).

The API cannot create an enterprise: every id of the right form is an enterprise of the account.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import errors
from mockcbs.services.coze.envelope import new_id
from mockcbs.services.coze.records import Records

MAX_ORGANIZATIONS = 20
"""The maximum number of organizations in an enterprise (vendor's page)."""

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
    """Add members, all or none; raises `ApiError` 4201 if one is a member already."""
    joining = [_Member(place, place_id, user["user_id"], user["role"]) for user in users]
    for member in joining:
        if _MEMBERS.get(_key(member)):
            raise ApiError(
                errors.MEMBER_EXISTS, f"user {member.user_id} is already a member of {place} {place_id}"
            )
    for member in joining:
        _MEMBERS.put(_key(member), member)


def change_role(place: Place, place_id: str, user_id: str, role: str) -> None:
    """Change the role of a member; raises `ApiError` 4200 for another user."""
    member = _member(place, place_id, user_id)
    _MEMBERS.put(_key(member), replace(member, role=role))


def remove_member(place: Place, place_id: str, user_id: str) -> None:
    """Remove a member; raises `ApiError` 4200 for another user."""
    _MEMBERS.delete(_key(_member(place, place_id, user_id)))


def create_organization(enterprise_id: str, **details: str) -> Organization:
    """Create an organization with its super admin as first member.

    Raises `ApiError` 4000 if the enterprise has too many organizations.
    """
    if len(_ORGANIZATIONS.select(enterprise_id=enterprise_id)) >= MAX_ORGANIZATIONS:
        raise errors.parameter(f"an enterprise has at most {MAX_ORGANIZATIONS} organizations")
    made = Organization(new_id(), enterprise_id, **details)
    admin = _Member("organization", made.id, made.super_admin_user_id, "organization_super_admin")
    _MEMBERS.put(_key(admin), admin)
    return _ORGANIZATIONS.put(made.id, made)


def organization(organization_id: str) -> Organization:
    """The organization with that id; raises `ApiError` 4200."""
    if found := _ORGANIZATIONS.get(organization_id):
        return found
    raise ApiError(errors.RESOURCE_NOT_FOUND, f"no organization {organization_id} was created here")


def change_organization(found: Organization, **details: Any) -> None:
    """Change the *details* of an organization."""
    _ORGANIZATIONS.put(found.id, replace(found, **details))


def _member(place: Place, place_id: str, user_id: str) -> _Member:
    if found := _MEMBERS.get(_key(_Member(place, place_id, user_id, ""))):
        return found
    raise ApiError(errors.RESOURCE_NOT_FOUND, f"user {user_id} is not a member of {place} {place_id}")


def _key(member: _Member) -> str:
    return f"{member.place}/{member.place_id}/{member.user_id}"
