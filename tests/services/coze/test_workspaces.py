"""Workspaces and their members."""

from mockcbs.services.coze.envelope import WORKSPACE
from tests.services.coze.calls import code, data
from tests.services.coze.conftest import BOT


def test_bots_belong_to_their_workspace(coze):
    """A bot created in a new workspace is listed there; an unknown id means the personal workspace."""
    team = data(coze.post("/v1/workspaces", json={"name": "Team"}))["id"]
    bot = data(coze.post("/v1/bot/create", json={"space_id": team, "name": "b"}))["bot_id"]

    def listed(workspace):
        found = data(coze.get(f"/v1/bots?workspace_id={workspace}&publish_status=all"))
        return [item["id"] for item in found["items"]]

    assert listed(team) == [bot]
    assert BOT in listed(WORKSPACE)
    assert bot not in listed(WORKSPACE)
    assert listed("123") == listed(WORKSPACE)
    assert data(coze.get(f"/v1/workflows?workspace_id={team}"))["items"] == []
    assert data(coze.get(f"/v1/apps?workspace_id={team}"))["items"] == []


def test_accounts_see_only_their_own(coze):
    """Another token sees neither the workspace nor the members."""
    made = data(coze.post("/v1/workspaces", json={"name": "Team"}))["id"]
    other = {"Authorization": "Bearer pat_other"}

    assert data(coze.get("/v1/workspaces", headers=other))["total_count"] == 1
    assert code(coze.get(f"/v1/workspaces/{made}/members", headers=other)) == 4200
