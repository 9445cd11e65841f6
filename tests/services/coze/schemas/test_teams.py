"""Queries and bodies of workspaces, enterprises, collaborators and channels."""

import pytest

from mockcbs.services.coze.schemas import teams
from tests.services.coze.schemas.refusing import problems
from tests.services.coze.teams import USER


@pytest.mark.parametrize(
    ("schema", "member", "most"),
    [
        (teams.AddMembers, "users", 20),
        (teams.AddEnterpriseMembers, "users", 200),
        (teams.AddOrganizationMembers, "users", 200),
        (teams.AddCollaborators, "collaborators", 1),
    ],
)
def test_users_of_one_call_are_limited(schema, member, most):
    """A call has at least one user and at most the vendor's number."""
    users = [{"user_id": USER}] * (most + 1)

    assert problems(schema, {member: users[1:]}, **{member: users}).keys() == {member}
    assert schema().validate({member: []}).keys() == {member}


def test_five_users_are_removed_at_once():
    """A request to remove more than five users is refused."""
    assert problems(teams.RemoveMembers, {"user_ids": [USER] * 5}, user_ids=[USER] * 6).keys() == {"user_ids"}


@pytest.mark.parametrize(
    ("schema", "body", "role"),
    [
        (teams.AddMembers, {"users": [{"user_id": USER}]}, "role_type"),
        (teams.AddEnterpriseMembers, {"users": [{"user_id": USER}]}, "role"),
        (teams.AddOrganizationMembers, {"users": [{"user_id": USER}]}, "role"),
    ],
)
def test_roles_are_those_of_the_vendor(schema, body, role):
    """A member is a plain one unless asked otherwise."""
    (one,) = schema().load(body)["users"]

    assert one[role].endswith("member")
    assert problems(schema, body, users=[{"user_id": USER, role: "king"}]).keys() == {"users"}


def test_a_refusal_needs_a_reason():
    """An audit passes unless asked otherwise."""
    assert teams.AuditBot().load({})["audit_status"] == 2
    assert problems(teams.AuditBot, {"audit_status": 3, "reason": "rude"}, reason="").keys() == {"reason"}


def test_devices_have_labels_and_values():
    """A device without its value is refused."""
    good = {"configs": [{"key": "home", "enums": [{"label": "Lamp", "value": "1"}]}]}

    assert problems(teams.BindDevices, good, configs=[{"key": "home", "enums": [{"label": "Lamp"}]}])
