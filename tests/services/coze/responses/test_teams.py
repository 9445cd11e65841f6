"""Workspaces and enterprises."""

from mockcbs.services.coze.envelope import WORKSPACE
from mockcbs.services.coze.responses import teams
from tests.services.coze.calls import data
from tests.services.coze.responses.refusing import refused
from tests.services.coze.teams import DIGITS, USER

MEMBERS = f"/v1/workspaces/{WORKSPACE}/members"


def test_members(coze):
    """Counts are numbers, and every user who was added or removed is in a list."""
    added = data(coze.post(MEMBERS, json={"users": [{"user_id": USER}]}))
    listed = data(coze.get(MEMBERS))
    removed = data(coze.delete(MEMBERS, json={"user_ids": [USER]}))

    refused(teams.AddedMembers, added, added_success_user_ids=USER, not_exist_user_ids=None)
    refused(teams.Members, listed, total_count="2", has_more="false", items=[{"user_id": ""}])
    refused(teams.RemovedMembers, removed, removed_success_user_ids=[1])


def test_what_is_made_has_an_id(coze):
    """An id is never empty."""
    body = {"name": "East", "super_admin_user_id": USER}

    refused(teams.MadeWorkspace, data(coze.post("/v1/workspaces", json={"name": "Team"})), id="")
    made = data(coze.post(f"/v1/enterprises/{DIGITS}/organizations", json=body))
    refused(teams.MadeOrganization, made, organization_id="")
