"""Collaborators of bots, apps and workflows, and channels that an enterprise runs (contract 3.1.5, 3.12)."""

from typing import Any

from mockcbs.services.coze import accounts, agents, apps, collaborators, connectors, workspaces
from mockcbs.services.coze.collaborators import Team
from mockcbs.services.coze.envelope import ok
from mockcbs.services.coze.schemas import teams as schemas
from mockcbs.services.coze.views.base import blp


@blp.post("/v1/bots/<bot_id>/collaboration_mode")
@blp.arguments(schemas.CollaborationMode, location="json")
@blp.answers()
def set_collaboration_mode(body: dict[str, Any], bot_id: str) -> dict[str, Any]:
    """开启或关闭多人协作: open or close a bot for collaborators."""
    collaborators.set_mode(_of_bot(bot_id), body["collaboration_mode"])
    return ok()


@blp.post("/v1/bots/<bot_id>/collaborators")
@blp.arguments(schemas.AddCollaborators, location="json")
@blp.answers()
def add_bot_collaborator(body: dict[str, Any], bot_id: str) -> dict[str, Any]:
    """添加智能体协作者: add a collaborator to a bot."""
    return _added(_of_bot(bot_id), body)


@blp.delete("/v1/bots/<bot_id>/collaborators/<user_id>")
@blp.answers()
def remove_bot_collaborator(bot_id: str, user_id: str) -> dict[str, Any]:
    """删除智能体协作者: remove a collaborator from a bot."""
    collaborators.remove(_of_bot(bot_id), user_id)
    return ok()


@blp.post("/v1/apps/<app_id>/collaborators")
@blp.arguments(schemas.AddCollaborators, location="json")
@blp.answers()
def add_app_collaborator(body: dict[str, Any], app_id: str) -> dict[str, Any]:
    """添加应用协作者: add a collaborator to an app."""
    return _added(collaborators.of("app", apps.find(app_id).id), body)


@blp.delete("/v1/apps/<app_id>/collaborators/<user_id>")
@blp.answers()
def remove_app_collaborator(app_id: str, user_id: str) -> dict[str, Any]:
    """删除应用协作者: remove a collaborator from an app."""
    collaborators.remove(collaborators.of("app", apps.find(app_id).id), user_id)
    return ok()


@blp.post("/v1/workflows/<workflow_id>/collaborators")
@blp.arguments(schemas.AddCollaborators, location="json")
@blp.answers()
def add_workflow_collaborator(body: dict[str, Any], workflow_id: str) -> dict[str, Any]:
    """添加工作流协作者: add a collaborator to a workflow."""
    return _added(collaborators.of("workflow", agents.workflow(workflow_id).id), body)


@blp.delete("/v1/workflows/<workflow_id>/collaborators/<user_id>")
@blp.answers()
def remove_workflow_collaborator(workflow_id: str, user_id: str) -> dict[str, Any]:
    """删除工作流协作者: remove a collaborator from a workflow."""
    collaborators.remove(collaborators.of("workflow", agents.workflow(workflow_id).id), user_id)
    return ok()


@blp.put("/v1/connectors/<connector_id>/bots/<bot_id>")
@blp.arguments(schemas.AuditBot, location="json")
@blp.answers()
def audit_bot(body: dict[str, Any], connector_id: str, bot_id: str) -> dict[str, Any]:
    """更新审核结果: the result of a channel's audit of a bot."""
    connectors.audit(agents.bot(bot_id), _channel(connector_id), body["audit_status"])
    return ok()


@blp.post("/v1/connectors/<connector_id>/install")
@blp.arguments(schemas.InstallConnector, location="json")
@blp.answers()
def install_connector(body: dict[str, Any], connector_id: str) -> dict[str, Any]:
    """添加发布渠道: add a channel to a workspace."""
    connectors.install(_channel(connector_id), workspaces.home(body["workspace_id"]))
    return ok()


@blp.post("/v1/connectors/<connector_id>/user_configs")
@blp.arguments(schemas.BindDevices, location="json")
@blp.answers()
def bind_devices(body: dict[str, Any], connector_id: str) -> dict[str, Any]:
    """绑定设备: bind a user's devices to a channel."""
    connectors.bind(_channel(connector_id), body["user_id"] or accounts.user_id(), body["configs"])
    return ok()


def _of_bot(bot_id: str) -> Team:
    return collaborators.of("bot", agents.bot(bot_id).id)


def _added(team: Team, body: dict[str, Any]) -> dict[str, Any]:
    (one,) = body["collaborators"]
    collaborators.add(team, one["user_id"])
    return ok()


def _channel(connector_id: str) -> str:
    """The id of a channel; every id of the right form is one, unless it always fails."""
    agents.check_not_failing(connector_id)
    agents.check_form(connector_id)
    return connector_id
