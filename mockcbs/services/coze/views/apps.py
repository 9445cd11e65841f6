"""Apps, folders and templates (contract 3.12)."""

from typing import Any

from mockcbs.services.coze import accounts, agents, apps, folders
from mockcbs.services.coze.envelope import WORKSPACE, ok
from mockcbs.services.coze.schemas import apps as schemas
from mockcbs.services.coze.views.base import blp
from mockcbs.services.coze.workspaces import home
from mockcbs.web.paging import page


@blp.get("/v1/apps")
@blp.arguments(schemas.AppsQuery, location="query")
@blp.answers("Apps")
def list_apps(query: dict[str, Any]) -> dict[str, Any]:
    """查看应用列表: the apps of the personal workspace; all of them are published."""
    is_empty = query["publish_status"] == "unpublished_draft" or home(query["workspace_id"]) != WORKSPACE
    found = [] if is_empty else apps.listed()
    items = [
        {
            "id": app.id,
            "name": app.name,
            "description": "",
            "icon_url": "",
            "is_published": True,
            "owner_user_id": accounts.user_id(),
            "updated_at": app.updated_at,
            "published_at": app.published_at,
            "folder_id": folders.PROJECTS,
        }
        for app in found[page(query["page_num"], query["page_size"])]
    ]
    return ok(data={"items": items, "total": len(found)})


@blp.get("/v1/folders")
@blp.arguments(schemas.FoldersQuery, location="query")
@blp.answers("Folders")
def list_folders(query: dict[str, Any]) -> dict[str, Any]:
    """查看文件夹列表: the folders of the workspace."""
    is_empty = home(query["workspace_id"]) != WORKSPACE
    found = [] if is_empty else folders.listed(query["folder_type"], query["parent_folder_id"])
    items = [folder.shown() for folder in found[page(query["page_num"], query["page_size"])]]
    return ok(data={"items": items, "total_count": len(found)})


@blp.get("/v1/folders/<folder_id>")
@blp.answers("Folder")
def retrieve_folder(folder_id: str) -> dict[str, Any]:
    """查看文件夹详情: one folder."""
    return ok(data=folders.find(folder_id).shown())


@blp.post("/v1/templates/<template_id>/duplicate")
@blp.arguments(schemas.DuplicateTemplate, location="json")
@blp.answers("MadeEntity")
def duplicate_template(body: dict[str, Any], template_id: str) -> dict[str, Any]:
    """复制模板: a new, unpublished bot from a template; any id of the right form is a template."""
    agents.check_not_failing(template_id)
    agents.check_form(template_id)
    name = body["name"] or f"Template {template_id[-4:]}"
    made = agents.create(name, workspace_id=home(body["workspace_id"]))
    return ok(data={"entity_id": made.id, "entity_type": "agent"})
