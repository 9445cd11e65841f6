"""The calls of workspaces."""

from mockcbs.services.coze.envelope import WORKSPACE
from tests.services.coze.calls import code, data
from tests.services.coze.teams import DIGITS, OTHER, USER


def test_a_workspace_is_created_listed_and_renamed(coze):
    """A workspace follows the personal one in the pages of the list, under its new name."""
    made = data(coze.post("/v1/workspaces", json={"name": "Team", "enterprise_id": DIGITS}))["id"]

    renamed = coze.put(f"/v1/workspaces/{made}", json={"name": "Crew"})

    assert code(renamed) == 0
    second = data(coze.get("/v1/workspaces?page_num=2&page_size=1"))
    assert second["total_count"] == 2
    assert [(one["id"], one["name"]) for one in second["workspaces"]] == [(made, "Crew")]
    of_enterprise = data(coze.get(f"/v1/workspaces?enterprise_id={DIGITS}"))
    assert [one["id"] for one in of_enterprise["workspaces"]] == [made]
    assert code(coze.put(f"/v1/workspaces/{DIGITS}", json={"name": "x"})) == 4200


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
