"""Workspaces and their members (contract 3.8)."""

from typing import Any

from mockcbs.services.coze import workspaces
from mockcbs.services.coze.envelope import ok
from mockcbs.services.coze.schemas import teams as schemas
from mockcbs.services.coze.schemas.account import WorkspacesQuery
from mockcbs.services.coze.views.base import blp
from mockcbs.web.paging import page


@blp.get("/v1/workspaces")
@blp.arguments(WorkspacesQuery, location="query")
@blp.answers("Workspaces")
def list_workspaces(query: dict[str, Any]) -> dict[str, Any]:
    """查看空间列表: the personal workspace and created ones; of one enterprise, if it is named."""
    enterprise = query.get("enterprise_id")
    found = [one for one in workspaces.listed() if not enterprise or one.enterprise_id == enterprise]
    shown = [one.shown() for one in found[page(query["page_num"], query["page_size"])]]
    return ok(data={"workspaces": shown, "total_count": len(found)})


@blp.post("/v1/workspaces")
@blp.arguments(schemas.CreateWorkspace, location="json")
@blp.answers("MadeWorkspace")
def create_workspace(body: dict[str, Any]) -> dict[str, Any]:
    """创建空间: create a workspace."""
    made = workspaces.create(body["name"], body["description"], body["enterprise_id"])
    return ok(data={"id": made.id})


@blp.put("/v1/workspaces/<workspace_id>")
@blp.arguments(schemas.UpdateWorkspace, location="json")
@blp.answers()
def update_workspace(body: dict[str, Any], workspace_id: str) -> dict[str, Any]:
    """更新空间: change the name or the description."""
    details = {name: body[name] for name in ("name", "description") if name in body}
    workspaces.change(workspaces.find(workspace_id), **details)
    return ok()


@blp.get("/v1/workspaces/<workspace_id>/members")
@blp.arguments(schemas.MembersQuery, location="query")
@blp.answers("Members")
def list_workspace_members(query: dict[str, Any], workspace_id: str) -> dict[str, Any]:
    """查看空间成员列表: the members of a workspace."""
    found = workspaces.members(workspaces.find(workspace_id))
    here = page(query["page_num"], query["page_size"])
    if query["page_token"]:
        here = slice(query["page_token"], query["page_token"] + query["page_size"])
    more = here.stop < len(found)
    items = [member.shown() for member in found[here]]
    following = {"next_page_token": str(here.stop)} if more else {}
    return ok(data={"items": items, "total_count": len(found), "has_more": more, **following})


@blp.post("/v1/workspaces/<workspace_id>/members")
@blp.arguments(schemas.AddMembers, location="json")
@blp.answers("AddedMembers")
def add_workspace_members(body: dict[str, Any], workspace_id: str) -> dict[str, Any]:
    """添加空间成员: add members."""
    return ok(data=workspaces.add_members(workspaces.find(workspace_id), body["users"]))


@blp.delete("/v1/workspaces/<workspace_id>/members")
@blp.arguments(schemas.RemoveMembers, location="json")
@blp.answers("RemovedMembers")
def remove_workspace_members(body: dict[str, Any], workspace_id: str) -> dict[str, Any]:
    """移除空间成员: remove members."""
    return ok(data=workspaces.remove_members(workspaces.find(workspace_id), body["user_ids"]))
