"""Servers of Coze that are right but for one small thing in what surrounds bots."""

import json
import re

from tests.contract.coze_deviations import (
    Content,
    answers,
    asked,
    bad,
    data,
    drop,
    forgiven,
    good,
    inside,
    put,
    sent,
    when,
)
from tests.contract.mutants import Mutant, Response, dumps, loads

BENEFITS, TASKS = "benefits/get$", "benefit/bill_tasks$"
APPS, FOLDERS, FOLDER = "/v1/apps$", "/v1/folders$", r"/v1/folders/\d+$"
SPACES, MEMBERS = "/v1/workspaces$", r"/v1/workspaces/\d+/members$"
TEAM = "/collaborators"
EVENTS = r"/v1/api_apps/\d+/events$"
OLDER = "/open_api/v2/chat$"


def _no_data(pattern: str, method: str = "") -> object:
    """Data where a change has none."""
    return good(pattern, lambda c, _: c.update(data={}), method)


def _events(change: object) -> object:
    """A deviation of each event of the older stream."""

    def after(response: Response) -> None:
        if re.search(OLDER, response.path) and response.body.startswith(b"data:"):
            lines = response.body.decode().split("\n\n")
            found = [json.loads(line.removeprefix("data:")) for line in lines if line]
            found = change(found)  # type: ignore[operator]
            response.body = b"".join(b"data:" + dumps(event) + b"\n\n" for event in found)

    return after


def _each(change: object) -> object:
    return _events(lambda found: [change(event) or event for event in found])  # type: ignore[operator]


def _older(change: object) -> object:
    def after(response: Response) -> None:
        if re.search(OLDER, response.path) and response.body.startswith(b'{"messages"'):
            content = loads(response.body)
            change(content)  # type: ignore[operator]
            response.body = dumps(content)

    return after


def _uncounted(content: Content) -> None:
    content["user"] = "somebody"


TEAM_MUTANTS = [
    # bills and benefits
    Mutant("coze: a plan without level", "coze.shape.benefits", after=data(BENEFITS, lambda d: d["basic_info"].pop("user_level"))),
    Mutant("coze: quotas are texts", "coze.shape.benefits", after=data(BENEFITS, inside("benefit_info", "basic", "item_info", change=put(total="500")))),
    Mutant("coze: the plan lists all benefits", "coze.benefits.plan", before=asked(lambda q: q.update(benefit_type_list="api_run_qps,call_tool_limit", resource_id="chat") if q.get("benefit_type_list") != "no_such" else None, BENEFITS)),
    Mutant("coze: unknown benefits are none", "coze.benefits.bad", after=forgiven(4000, BENEFITS)),
    Mutant("coze: file_urls of a new export is an array", "coze.shape.bill-task", after=data(TASKS, put(file_urls=[]), "POST")),
    Mutant("coze: an export expires after ms", "coze.shape.bill-task", after=data(TASKS, lambda d: d.update(expires_at=d["expires_at"] * 1000), "POST")),
    Mutant("coze: file_urls of exports is a text", "coze.shape.bill-tasks", after=data(TASKS, inside("task_infos", change=put(file_urls="")), "GET")),
    Mutant("coze: a new export has succeeded", "coze.bills.created", after=data(TASKS, put(status="succeed"), "POST")),
    Mutant("coze: task_ids are ignored", "coze.bills.created", before=asked(lambda q: q.pop("task_ids", 0), TASKS)),
    Mutant("coze: bills are JSON", "coze.bills.file", after=when(lambda r: "/bill_files/" in r.path, answers(200, b"{}", "application/json; charset=utf-8"))),
    Mutant("coze: links want a token", "coze.bills.file", after=when(lambda r: "/bill_files/" in r.path, answers(401))),
    Mutant("coze: tomorrow can be exported", "coze.bills.today", after=forgiven(4000, TASKS)),
    # apps, folders, templates, workspaces
    Mutant("coze: apps have no owner", "coze.shape.apps", after=data(APPS, inside("items", change=drop("owner_user_id")))),
    Mutant("coze: apps are in one page", "coze.apps.pages", before=asked(lambda q: q.pop("page_num", 0), APPS)),
    Mutant("coze: the total is that of the page", "coze.apps.pages", after=data(APPS, lambda d: d.update(total=len(d["items"])))),
    Mutant("coze: apps need no workspace", "coze.apps.required", after=forgiven(4000, APPS)),
    Mutant("coze: folders have total", "coze.shape.folders", after=data(FOLDERS, lambda d: d.update(total=d.pop("total_count")))),
    Mutant("coze: a folder has no creator", "coze.shape.folder", after=data(FOLDER, drop("creator_user_id"))),
    Mutant("coze: folders are of all types", "coze.folders.found", before=asked(lambda q: q.update(folder_type="library") if q.get("workspace_id") else None, FOLDERS)),
    Mutant("coze: folders differ from the list", "coze.folders.found", after=data(FOLDER, put(name="other"))),
    Mutant("coze: an unknown folder is 200", "coze.folders.unknown", after=bad(4200, pattern=FOLDER, status=200)),
    Mutant("coze: a copy has no entity_type", "coze.shape.template", after=data("/duplicate$", drop("entity_type"))),
    Mutant("coze: a copy has its own name", "coze.templates.copied", before=sent(lambda b: b.pop("name", 0), "/duplicate$")),
    Mutant("coze: a workspace is made as workspace_id", "coze.shape.made-workspace", after=data(SPACES, lambda d: d.update(workspace_id=d.pop("id")), "POST")),
    Mutant("coze: workspaces keep their names", "coze.workspaces.made", before=sent(lambda b: b.pop("name", 0), r"/v1/workspaces/\d+$")),
    Mutant("coze: renaming a workspace answers data", "coze.workspaces.made", after=_no_data(r"/v1/workspaces/\d+$", "PUT")),
    Mutant("coze: members have a total", "coze.shape.members", after=data(MEMBERS, lambda d: d.update(total=d.pop("total_count")), "GET")),
    Mutant("coze: members join twice", "coze.members.added", after=data(MEMBERS, lambda d: d.update(added_success_user_ids=d["already_joined_user_ids"] or d["added_success_user_ids"], already_joined_user_ids=[]), "POST")),
    Mutant("coze: unknown users are not listed", "coze.shape.added-members", after=data(MEMBERS, drop("not_exist_user_ids"), "POST")),
    Mutant("coze: every member is an admin", "coze.members.added", after=data(MEMBERS, inside("items", change=put(role_type="admin")), "GET")),
    Mutant("coze: owners can be removed", "coze.members.removed", after=data(MEMBERS, lambda d: d.update(owner_not_support_remove_user_ids=[]), "DELETE")),
    Mutant("coze: strangers are removed", "coze.members.removed", after=data(MEMBERS, lambda d: d["removed_success_user_ids"].extend(d.pop("not_in_workspace_user_ids")), "DELETE")),
    Mutant("coze: members of enterprises answer data", "coze.enterprises.members", after=_no_data(r"/v1/enterprises/\d+/members")),
    Mutant("coze: members of enterprises join twice", "coze.enterprises.refused", after=bad(4201, pattern="/enterprises/", becomes=0, change=put(msg=""))),
    Mutant("coze: strangers leave enterprises", "coze.enterprises.refused", after=bad(4200, pattern="/enterprises/", status=200)),
    Mutant("coze: an organization has an id", "coze.shape.organization", after=data("/organizations$", lambda d: d.update(id=d.pop("organization_id")), "POST")),
    Mutant("coze: changing an organization answers data", "coze.organizations.members", after=_no_data(r"/v1/organizations/\d+$")),
    Mutant("coze: an unknown organization is a wrong parameter", "coze.organizations.unknown", after=bad(4200, pattern="/organizations/", status=400, becomes=4000)),
    # collaborators and channels
    Mutant("coze: bots are open for all", "coze.collaborators.mode", after=forgiven(4000, TEAM)),
    Mutant("coze: collaborators answer data", "coze.collaborators.added", after=_no_data(TEAM)),
    Mutant("coze: collaborators join twice", "coze.collaborators.refused", after=forgiven(4201, TEAM)),
    Mutant("coze: strangers cease to collaborate", "coze.collaborators.refused", after=bad(4200, pattern=TEAM, status=200)),
    Mutant("coze: an audit answers data", "coze.connectors.audit", after=_no_data(r"/connectors/\d+/bots/")),
    Mutant("coze: refusals need no reason", "coze.connectors.audit", after=forgiven(4000, r"/connectors/\d+/bots/")),
    Mutant("coze: installing answers data", "coze.connectors.install", after=_no_data("/install$")),
    # callback apps
    Mutant("coze: apps have no verify_token", "coze.shape.api-app", after=data("/v1/api_apps$", drop("verify_token"), "POST")),
    Mutant("coze: apps have no has_more", "coze.shape.api-apps", after=data("/v1/api_apps$", drop("has_more"), "GET")),
    Mutant("coze: events have no name", "coze.shape.api-events", after=data(EVENTS, inside("items", change=drop("name")), "GET")),
    Mutant("coze: apps keep their names", "coze.callbacks.made", before=sent(lambda b: b.update(name="kit"), r"/v1/api_apps/\d+$")),
    Mutant("coze: deleted apps are listed", "coze.callbacks.made", after=good(r"/v1/api_apps/\d+$", lambda c, _: c.update(data={}), "DELETE")),
    Mutant("coze: events are never unsubscribed", "coze.callbacks.events", before=lambda e: e.update(PATH_INFO="/v1/users/me", REQUEST_METHOD="GET", QUERY_STRING="", REQUEST_URI="/v1/users/me") if e["REQUEST_METHOD"] == "DELETE" and e["PATH_INFO"].endswith("/events") else None),
    Mutant("coze: events subscribe to nothing", "coze.callbacks.events", after=data(EVENTS, lambda d: d.update(items=d["items"][:1]), "GET")),
    Mutant("coze: any type of app will do", "coze.callbacks.refused", after=forgiven(4000, "/v1/api_apps$")),
    Mutant("coze: an unknown callback app is 200", "coze.callbacks.unknown", after=bad(4200, pattern="/v1/api_apps/", status=200)),
    # the older chat
    Mutant("coze: the older chat has no types", "coze.shape.legacy-chat", after=_older(inside("messages", change=drop("type")))),
    Mutant("coze: the older chat names its own conversation", "coze.legacy.answer", after=_older(put(conversation_id="7342866812345678901"))),
    Mutant("coze: the older chat only follows up", "coze.legacy.answer", after=_older(lambda c: c.update(messages=[m for m in c["messages"] if m["type"] != "answer"]))),
    Mutant("coze: the older stream is never done", "coze.legacy.stream", after=_events(lambda found: found[:-1])),
    Mutant("coze: the older pieces do not end", "coze.legacy.stream", after=_each(lambda e: e.update(is_finish=True) if "is_finish" in e else None)),
    Mutant("coze: the older chat is not counted", "coze.legacy.counted", before=sent(_uncounted, OLDER)),
    Mutant("coze: an unknown bot of the older chat is 404", "coze.legacy.unknown-bot", after=bad(4006, pattern=OLDER, status=404)),
    Mutant("coze: the older chat needs no query", "coze.legacy.unknown-bot", after=bad(4000, pattern=OLDER, status=200)),
]  # fmt: skip
