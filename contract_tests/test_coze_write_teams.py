"""Workspaces, members, organizations and collaborators.

The kit creates them only on servers on this machine, as some of them cannot be deleted.
"""

import secrets

from mockcbs.contract.coze import Coze
from mockcbs.contract.kit import Kit, NotApplicableError, checks, made_up
from mockcbs.contract.lacking import Lacking
from mockcbs.contract.targets import Answer, query

_NOBODY = "1"


def _leaving(kit: Kit) -> Coze:
    """The Coze client; ends the check unless the kit may leave objects on the target."""
    coze = Coze.of(kit)
    coze.may_write()
    if not kit.local:
        raise NotApplicableError(
            "these objects cannot be deleted, so the kit creates them only on servers on this machine"
        )
    return coze


def _somebody() -> str:
    return str(secrets.randbelow(10**15) + 10**15)


def _silent(coze: Coze, clause: str, answer: Answer) -> None:
    """Check that a change returns no data."""
    coze.need(answer)
    found = [answer.status, answer.json.get("code"), "data" in answer.json]
    coze.kit.expect(clause, answer, found, [200, 0, False], "status, code, has data")


@checks(
    "coze.shape.made-workspace",
    "coze.shape.members",
    "coze.shape.added-members",
    "coze.workspaces.made",
    "coze.members.added",
    "coze.members.removed",
)
def test_workspaces(kit: Kit) -> None:
    """A workspace can be created and renamed; members can be added and removed."""
    coze = _leaving(kit)
    clause = "coze.workspaces.made"
    name = made_up()
    made = coze.good("made-workspace", coze.post("/v1/workspaces", {"name": name}))["id"]
    if isinstance(made, Lacking):
        made = next((one for one, other in _names(coze)[1].items() if other == name), made)
    _check_name(coze, made, name)
    _silent(coze, clause, coze.post(f"/v1/workspaces/{made}", {"name": "kit 2"}, method="PUT"))
    _check_name(coze, made, "kit 2")

    path, user = f"/v1/workspaces/{made}/members", _somebody()
    clause, body = "coze.members.added", {"users": [{"user_id": user, "role_type": "member"}]}
    for outcome in ("added_success_user_ids", "already_joined_user_ids"):
        answer = coze.post(path, body)
        kit.expect(clause, answer, coze.good("added-members", answer)[outcome], [user], outcome)
    answer = coze.get(path)
    found = {one["user_id"]: one["role_type"] for one in coze.good("members", answer)["items"]}
    kit.expect(clause, answer, found.get(user), "member", "role_type")
    owner = next((one for one, role in found.items() if role == "owner"), user)
    clause, body = "coze.members.removed", {"user_ids": [user, owner, _NOBODY]}
    answer = coze.post(path, body, method="DELETE")
    outcomes = coze.succeeded(answer)["data"]
    names = ("removed_success_user_ids", "owner_not_support_remove_user_ids", "not_in_workspace_user_ids")
    kit.expect(clause, answer, [outcomes[name] for name in names], [[user], [owner], [_NOBODY]], "outcomes")
    answer = coze.get(path)
    left = [one["user_id"] for one in coze.good("members", answer)["items"]]
    kit.expect(clause, answer, user in left, False, "is a member")


def _names(coze: Coze) -> tuple[Answer, dict[str, str]]:
    """The names of workspaces by id, and the response."""
    answer = coze.get("/v1/workspaces", query(page_size=50))
    return answer, {one["id"]: one["name"] for one in coze.good("workspaces", answer)["workspaces"]}


def _check_name(coze: Coze, made: str, name: str) -> None:
    with coze.kit.part("coze.workspaces.made"):
        answer, names = _names(coze)
        coze.kit.expect("coze.workspaces.made", answer, names.get(made), name, "name")


@checks("coze.enterprises.members", "coze.enterprises.refused")
def test_enterprises(kit: Kit) -> None:
    """Members of an enterprise can be added, changed and removed."""
    coze = _leaving(kit)
    path, user, heir = (
        f"/v1/enterprises/{_somebody()}/members",
        _somebody(),
        {"receiver_user_id": _somebody()},
    )
    clause, body = "coze.enterprises.members", {"users": [{"user_id": user, "role": "enterprise_member"}]}
    role = {"role": "enterprise_admin"}
    _silent(coze, clause, coze.post(path, body))
    coze.refused("coze.enterprises.refused", coze.post(path, body), 400, 4201)
    _silent(coze, clause, coze.post(f"{path}/{user}", role, method="PUT"))
    _silent(coze, clause, coze.post(f"{path}/{user}", heir, method="DELETE"))
    for answer in (
        coze.post(f"{path}/{user}", role, method="PUT"),
        coze.post(f"{path}/{user}", heir, method="DELETE"),
    ):
        coze.refused("coze.enterprises.refused", answer, 404, 4200)


@checks("coze.shape.organization", "coze.organizations.members", "coze.organizations.unknown")
def test_organizations(kit: Kit) -> None:
    """An organization can be created and changed; members can be added and removed."""
    coze = _leaving(kit)
    clause, body = "coze.organizations.members", {"name": "kit", "super_admin_user_id": _somebody()}
    answer = coze.post(f"/v1/enterprises/{_somebody()}/organizations", body)
    path, user = f"/v1/organizations/{coze.good('organization', answer)['organization_id']}", _somebody()
    users = {"users": [{"user_id": user, "role": "organization_member"}]}
    _silent(coze, clause, coze.post(path, {"name": "kit 2"}, method="PUT"))
    _silent(coze, clause, coze.post(f"{path}/members", users))
    _silent(coze, clause, coze.post(f"{path}/members/{user}", {}, method="DELETE"))
    for unknown in (
        coze.post(f"/v1/organizations/{_NOBODY}", {"name": "kit"}, method="PUT"),
        coze.post(f"/v1/organizations/{_NOBODY}/members", users),
        coze.post(f"/v1/organizations/{_NOBODY}/members/{user}", {}, method="DELETE"),
    ):
        coze.refused("coze.organizations.unknown", unknown, 404, 4200)


@checks("coze.collaborators.mode", "coze.collaborators.added", "coze.collaborators.refused")
def test_collaborators(kit: Kit) -> None:
    """Bots, apps and workflows have collaborators, which can be added and removed."""
    coze, user = _leaving(kit), _somebody()
    mode, single, several = (
        f"{coze.bot}/collaboration_mode",
        {"collaboration_mode": "single"},
        {"collaboration_mode": "collaboration"},
    )
    body = {"collaborators": [{"user_id": user}]}
    members = f"/v1/workspaces/{coze.workspace_id}/members"
    coze.post(members, {"users": [{"user_id": user, "role_type": "member"}]})
    _silent(coze, "coze.collaborators.mode", coze.post(mode, single))
    coze.refused("coze.collaborators.mode", coze.post(f"{coze.bot}/collaborators", body), 400, 4000)
    _silent(coze, "coze.collaborators.mode", coze.post(mode, several))
    owners = [coze.bot, *([coze.workflow] if kit.coze_workflow_id else [])]
    apps = coze.good("apps", coze.get("/v1/apps", query(workspace_id=coze.workspace_id)))
    with kit.part():
        owners += [f"/v1/apps/{one['id']}" for one in apps["items"][:1]]
    for owner in owners:
        path = f"{owner}/collaborators"
        _silent(coze, "coze.collaborators.added", coze.post(path, body))
        coze.refused("coze.collaborators.refused", coze.post(path, body), 400, 4201)
        _silent(coze, "coze.collaborators.added", coze.get(f"{path}/{user}", method="DELETE"))
        coze.refused("coze.collaborators.refused", coze.get(f"{path}/{user}", method="DELETE"), 404, 4200)
    _silent(coze, "coze.collaborators.mode", coze.post(mode, single))
    coze.post(members, {"user_ids": [user]}, method="DELETE")


@checks("coze.connectors.audit", "coze.connectors.install")
def test_connectors(kit: Kit) -> None:
    """A channel can be installed, can audit a bot, and can bind devices."""
    coze = _leaving(kit)
    channel = f"/v1/connectors/{_somebody()}"
    clause = "coze.connectors.install"
    _silent(coze, clause, coze.post(f"{channel}/install", {"workspace_id": coze.workspace_id}))
    devices = {"configs": [{"key": "device", "enums": [{"label": "one", "value": "1"}]}], "user_id": "u"}
    _silent(coze, clause, coze.post(f"{channel}/user_configs", devices))
    audit, clause = f"{channel}/bots/{kit.coze_bot_id}", "coze.connectors.audit"
    _silent(coze, clause, coze.post(audit, {"audit_status": 2}, method="PUT"))
    coze.refused(clause, coze.post(audit, {"audit_status": 3}, method="PUT"), 400, 4000)


@checks("coze.shape.template", "coze.templates.copied")
def test_templates(kit: Kit) -> None:
    """A copied template is a bot that is not published."""
    coze = _leaving(kit)
    body = {"workspace_id": coze.workspace_id, "name": "kit copy"}
    answer = coze.post(f"/v1/templates/{_somebody()}/duplicate", body)
    bot = coze.good("template", answer)["entity_id"]
    draft = coze.get(f"/v1/bots/{bot}", query(is_published="false"))
    kit.expect("coze.templates.copied", draft, coze.good("bot", draft)["name"], "kit copy", "name")
    coze.refused("coze.templates.copied", coze.get(f"/v1/bots/{bot}"), 200, 4015)
