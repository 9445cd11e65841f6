"""Workspaces, enterprises, collaborators, channels, apps, folders and templates."""

import pytest

from mockcbs.services.coze import apps
from mockcbs.services.coze.envelope import WORKSPACE
from tests.services.coze.calls import code, data
from tests.services.coze.conftest import BOT, FOREIGN, RUN, caller

USER, OTHER = "2478774393259991", "2478774393259992"
DIGITS = "7439828073344200001"
TEAM_BOT = f"/v1/bots/{BOT}"
OPEN, CLOSED = {"collaboration_mode": "collaboration"}, {"collaboration_mode": "single"}


def test_a_workspace_is_created_listed_and_renamed(coze):
    """It stands behind the personal one, under its new name; page by page."""
    made = data(coze.post("/v1/workspaces", json={"name": "Team", "enterprise_id": DIGITS}))["id"]

    renamed = coze.put(f"/v1/workspaces/{made}", json={"name": "Crew"})

    assert code(renamed) == 0
    second = data(coze.get("/v1/workspaces?page_num=2&page_size=1"))
    assert second["total_count"] == 2
    assert [(one["id"], one["name"]) for one in second["workspaces"]] == [(made, "Crew")]
    of_enterprise = data(coze.get(f"/v1/workspaces?enterprise_id={DIGITS}"))
    assert [one["id"] for one in of_enterprise["workspaces"]] == [made]
    assert code(coze.put(f"/v1/workspaces/{DIGITS}", json={"name": "x"})) == 4200


def test_bots_belong_to_their_workspace(coze):
    """A bot made in a new workspace is listed there; any id nobody created stands for the personal one."""
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


def test_members_of_a_workspace(coze):
    """Users are added once, listed in pages of either kind, and removed; the owner stays."""
    owner = data(coze.get("/v1/users/me"))["user_id"]
    url = f"/v1/workspaces/{WORKSPACE}/members"

    first = data(coze.post(url, json={"users": [{"user_id": USER, "role_type": "admin"}]}))
    again = data(coze.post(url, json={"users": [{"user_id": USER}, {"user_id": OTHER}]}))

    assert first["added_success_user_ids"] == [USER]
    assert (again["already_joined_user_ids"], again["added_success_user_ids"]) == ([USER], [OTHER])
    page = data(coze.get(f"{url}?page_size=2"))
    assert [(one["user_id"], one["role_type"]) for one in page["items"]] == [
        (owner, "owner"),
        (USER, "admin"),
    ]
    assert (page["total_count"], page["has_more"]) == (3, True)
    for way in (f"page_token={page['next_page_token']}", "page_num=2"):
        rest = data(coze.get(f"{url}?page_size=2&{way}"))
        assert ([one["user_id"] for one in rest["items"]], rest["has_more"]) == ([OTHER], False)
    gone = data(coze.delete(url, json={"user_ids": [USER, owner, DIGITS]}))
    assert gone == {
        "removed_success_user_ids": [USER],
        "not_in_workspace_user_ids": [DIGITS],
        "owner_not_support_remove_user_ids": [owner],
    }


def test_members_of_an_enterprise(coze):
    """They are added once, get another role, and are removed once."""
    url = f"/v1/enterprises/{DIGITS}/members"
    users = {"users": [{"user_id": USER, "role": "enterprise_member"}]}

    assert code(coze.post(url, json=users)) == 0
    assert code(coze.post(url, json=users)) == 4201
    assert code(coze.put(f"{url}/{USER}", json={"role": "enterprise_admin"})) == 0
    assert code(coze.put(f"{url}/{USER}", json={"role": "king"})) == 4000
    assert code(coze.delete(f"{url}/{USER}", json={"receiver_user_id": USER})) == 4000
    assert code(coze.delete(f"{url}/{USER}", json={"receiver_user_id": OTHER})) == 0
    assert code(coze.delete(f"{url}/{USER}", json={"receiver_user_id": OTHER})) == 4200
    assert code(coze.put(f"{url}/{USER}", json={"role": "enterprise_admin"})) == 4200


def test_organizations(coze):
    """An enterprise has up to 20; their members are their own."""
    url = f"/v1/enterprises/{DIGITS}/organizations"
    body = {"name": "East", "super_admin_user_id": USER}

    made = [data(coze.post(url, json=body))["organization_id"] for _ in range(20)]

    assert code(coze.post(url, json=body)) == 4000
    one = f"/v1/organizations/{made[0]}"
    assert code(coze.put(one, json={"name": "West"})) == 0
    assert code(coze.put(f"/v1/organizations/{DIGITS}", json={"name": "West"})) == 4200
    assert code(coze.post(f"{one}/members", json={"users": [{"user_id": USER}]})) == 4201
    assert code(coze.post(f"{one}/members", json={"users": [{"user_id": OTHER}]})) == 0
    assert code(coze.delete(f"{one}/members/{OTHER}", json={})) == 0
    assert code(coze.delete(f"{one}/members/{OTHER}", json={})) == 4200


def test_collaborators_of_a_bot(coze):
    """A bot is opened first, and closed only when nobody is left."""
    wanted = {"collaborators": [{"user_id": USER}]}

    assert code(coze.post(f"{TEAM_BOT}/collaborators", json=wanted)) == 4000
    assert (
        code(coze.post(f"{TEAM_BOT}/collaboration_mode", json={"collaboration_mode": "collaboration"})) == 0
    )
    assert code(coze.post(f"{TEAM_BOT}/collaborators", json=wanted)) == 0
    assert code(coze.post(f"{TEAM_BOT}/collaborators", json=wanted)) == 4201
    assert code(coze.post(f"{TEAM_BOT}/collaboration_mode", json=CLOSED)) == 4000
    assert code(coze.delete(f"{TEAM_BOT}/collaborators/{USER}")) == 0
    assert code(coze.delete(f"{TEAM_BOT}/collaborators/{USER}")) == 4200
    assert code(coze.post(f"{TEAM_BOT}/collaboration_mode", json=CLOSED)) == 0
    assert code(coze.post(f"/v1/bots/{FOREIGN}/collaborators", json=wanted)) == 4101


@pytest.mark.parametrize("path", [f"/v1/apps/{DIGITS}", f"/v1/workflows/{RUN}"])
def test_collaborators_of_apps_and_workflows(coze, path):
    """They are added and deleted without further ado."""
    wanted = {"collaborators": [{"user_id": USER}]}

    codes = [
        code(coze.post(f"{path}/collaborators", json=wanted)),
        code(coze.post(f"{path}/collaborators", json=wanted)),
        code(coze.delete(f"{path}/collaborators/{USER}")),
        code(coze.delete(f"{path}/collaborators/{USER}")),
    ]

    assert codes == [0, 4201, 0, 4200]


def test_strict_collaborators_are_members():
    """With --strict only members of the workspace can become collaborators, of what there is."""
    coze = caller(strict=True)
    path, wanted = f"/v1/workflows/{RUN}/collaborators", {"collaborators": [{"user_id": USER}]}

    before = code(coze.post(path, json=wanted))
    coze.post(f"/v1/workspaces/{WORKSPACE}/members", json={"users": [{"user_id": USER}]})

    assert (before, code(coze.post(path, json=wanted))) == (4000, 0)
    assert code(coze.post(f"/v1/apps/{DIGITS}/collaborators", json=wanted)) == 4200
    assert code(coze.post(f"/v1/apps/{apps.DEFAULT_ID}/collaborators", json=wanted)) == 0


def test_audits_publish_and_withdraw(coze):
    """A bot is on a channel once that has let it pass, and not after it was refused."""
    url = f"/v1/connectors/10000999/bots/{BOT}"

    def channels():
        return data(coze.get(f"{TEAM_BOT}/versions"))["items"][0]["connector_ids"]

    assert code(coze.put(url, json={"audit_status": 2})) == 0
    assert channels() == ["1024", "10000999"]
    assert code(coze.put(url, json={"audit_status": 3})) == 4000
    assert code(coze.put(url, json={"audit_status": 3, "reason": "no"})) == 0
    assert channels() == ["1024"]


def test_channels_are_installed_and_devices_bound(coze):
    """Both can be done again."""
    configs = [{"key": "device", "enums": [{"label": "Lamp", "value": "sn-1"}]}]

    for _ in range(2):
        installed = coze.post("/v1/connectors/10000999/install", json={"workspace_id": WORKSPACE})
        bound = coze.post("/v1/connectors/10000999/user_configs", json={"configs": configs})
        assert (code(installed), code(bound)) == (0, 0)


def test_apps_that_were_named_are_listed(coze):
    """The account's own app is there from the start, others once a run or a variable named them."""
    coze.post("/v1/workflow/run", json={"workflow_id": RUN, "app_id": DIGITS})
    coze.get(f"/v1/variables?connector_uid=u&app_id={DIGITS[:-1]}2")

    found = data(coze.get(f"/v1/apps?workspace_id={WORKSPACE}&page_index=1"))

    assert [item["id"] for item in found["items"]] == [apps.DEFAULT_ID, DIGITS, f"{DIGITS[:-1]}2"]
    assert found["total"] == 3
    assert (
        data(coze.get(f"/v1/apps?workspace_id={WORKSPACE}&page_size=1&page_index=2"))["items"][0]["id"]
        == DIGITS
    )


def test_folders(coze):
    """There is one of each type, where the bots say they are."""
    (folder,) = data(coze.get(f"/v1/folders?workspace_id={WORKSPACE}&folder_type=development"))["items"]

    assert data(coze.get(f"/v1/folders/{folder['id']}")) == folder
    assert data(coze.get(f"/v1/bots?workspace_id={WORKSPACE}"))["items"][0]["folder_id"] == folder["id"]
    assert code(coze.get(f"/v1/folders/{DIGITS}")) == 4200
    assert code(coze.get(f"/v1/folders?workspace_id={WORKSPACE}")) == 4000


def test_a_template_becomes_a_bot(coze):
    """The copy is a draft of the workspace, which can be published and called."""
    made = data(
        coze.post(f"/v1/templates/{DIGITS}/duplicate", json={"workspace_id": WORKSPACE, "name": "Copy"})
    )

    assert made["entity_type"] == "agent"
    assert data(coze.get(f"/v1/bots/{made['entity_id']}?is_published=false"))["name"] == "Copy"
    assert code(coze.get(f"/v1/bots/{made['entity_id']}")) == 4015


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/enterprises/0000000000004013/members"),
        ("POST", "/v1/templates/0000000000004013/duplicate"),
        ("POST", "/v1/apps/0000000000004013/collaborators"),
        ("POST", "/v1/connectors/0000000000004013/install"),
    ],
)
def test_ids_that_fail(coze, method, path):
    """Ids that are zeros and a code fail with it here too."""
    body = {"users": [{"user_id": USER}], "collaborators": [{"user_id": USER}], "workspace_id": "1"}

    assert code(coze.open(path, method=method, json=body)) == 4013


def test_accounts_see_only_their_own(coze):
    """Another token has neither the workspace nor the members."""
    made = data(coze.post("/v1/workspaces", json={"name": "Team"}))["id"]
    other = {"Authorization": "Bearer pat_other"}

    assert data(coze.get("/v1/workspaces", headers=other))["total_count"] == 1
    assert code(coze.get(f"/v1/workspaces/{made}/members", headers=other)) == 4200
