"""Bases and their automations (contract 4.3.3 and 1.6)."""

from typing import Any

from mockcbs.services.feishu import bases, errors, schemas
from mockcbs.services.feishu.envelope import ok
from mockcbs.services.feishu.views.base import APP, blp
from mockcbs.web import context

_WORKFLOWS = {"7480000000000000001": "自动日报", "7480000000000000002": "慢请求提醒"}
"""The automations of every Base, by id."""
_SWITCHED = "feishu.workflow"


@blp.post("/open-apis/bitable/v1/apps")
@blp.arguments(schemas.NewBase, location="json")
@blp.answers("BaseAnswer")
def create_app(body: dict[str, Any]) -> dict[str, Any]:
    """创建多维表格: create a Base with one table."""
    made, table = bases.create(body["name"])
    return ok(
        app={
            "app_token": made.app_token,
            "name": made.name,
            "revision": made.revision,
            "folder_token": body.get("folder_token") or "",
            "url": f"https://mockcbs.feishu.cn/base/{made.app_token}",
            "default_table_id": table.id,
            "time_zone": "Asia/Shanghai",
        }
    )


@blp.get(APP)
@blp.answers("BaseAnswer")
def get_app(app_token: str) -> dict[str, Any]:
    """获取多维表格元数据: one Base."""
    return ok(app=bases.base(app_token).shown())


@blp.put(APP)
@blp.arguments(schemas.ChangedBase, location="json")
@blp.answers("BaseAnswer")
def update_app(body: dict[str, Any], app_token: str) -> dict[str, Any]:
    """更新多维表格元数据: change the name, and whether it has advanced permissions."""
    changed = bases.change(bases.base(app_token), **body).shown()
    return ok(app={name: changed[name] for name in ("app_token", "name", "is_advanced")})


@blp.get(f"{APP}/workflows")
@blp.answers("WorkflowsAnswer")
def list_workflows(app_token: str) -> dict[str, Any]:
    """列出自动化流程: the automations of a Base."""
    bases.base(app_token)
    return ok(workflows=[_workflow(app_token, workflow_id) for workflow_id in _WORKFLOWS])


@blp.put(f"{APP}/workflows/<workflow_id>")
@blp.arguments(schemas.WorkflowStatus, location="json")
@blp.answers("Envelope")
def update_workflow(body: dict[str, Any], app_token: str, workflow_id: str) -> dict[str, Any]:
    """更新自动化流程状态: switch an automation on or off."""
    bases.base(app_token)
    errors.failing(workflow_id)
    if workflow_id not in _WORKFLOWS:
        raise errors.refused(1254002, f"Base {app_token} has no automation {workflow_id}")
    key = f"{app_token}/{workflow_id}"
    context.mock().documents.put(_SWITCHED, bases.scope(), key, {"status": body["status"]})
    return ok()


def _workflow(app_token: str, workflow_id: str) -> dict[str, str]:
    kept = context.mock().documents.get(_SWITCHED, bases.scope(), f"{app_token}/{workflow_id}")
    status = kept["status"] if kept else "Enable"
    return {"workflow_id": workflow_id, "status": status, "title": _WORKFLOWS[workflow_id]}
