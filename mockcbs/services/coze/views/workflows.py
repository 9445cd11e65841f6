"""Workflows: list and run (contract 3.7)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from flask import Response

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import accounts, agents, apps, errors, run_stream, runs, sse
from mockcbs.services.coze.agents import Agent, Kind
from mockcbs.services.coze.envelope import ok
from mockcbs.services.coze.schemas import workflows as schemas
from mockcbs.services.coze.schemas.pages import VersionsQuery
from mockcbs.services.coze.views.base import blp
from mockcbs.services.coze.workspaces import home
from mockcbs.web import context
from mockcbs.web.paging import page

P = ParamSpec("P")

_STATUS = {True: "published_online", False: "unpublished_draft"}


@blp.post("/v1/workflow/run")
@blp.arguments(schemas.RunWorkflow, location="json")
@blp.answers("Run")
def run_workflow(body: dict[str, Any]) -> dict[str, Any]:
    """执行工作流: run a workflow to its end, or in the background."""
    agent = _workflow(body)
    return runs.answer(runs.start(agent, body, runs.ASYNCHRONOUS if body["is_async"] else runs.SYNCHRONOUS))


def _workflow(body: dict[str, Any]) -> Agent:
    """The workflow to run; the bot that it runs for may be an id that always fails."""
    if body["bot_id"]:
        agents.check_not_failing(body["bot_id"])
    if body["app_id"]:
        apps.remember(apps.find(body["app_id"]).id)
    return agents.published_workflow(body["workflow_id"])


def _refusing_in_stream(view: Callable[P, Response]) -> Callable[P, Response]:
    """Refuse inside the stream, with one Error event, as the vendor does (contract 3.7.2)."""

    @wraps(view)
    def run(*args: P.args, **kwargs: P.kwargs) -> Response:
        try:
            return view(*args, **kwargs)
        except ApiError as error:
            return _refusal(error)

    return run


def _refusal(error: ApiError) -> Response:
    this = context.current()
    this.error_code, this.reason = error.spec.code, error.reason
    this.near_misses.append(error.reason)
    unknown = error.spec is errors.RESOURCE_NOT_FOUND
    message = "Workflow not found. Please verify the workflow exists." if unknown else error.spec.message
    return sse.response([sse.workflow_error(0, error.spec, message)])


@blp.post("/v1/workflow/stream_run")
@_refusing_in_stream
@blp.arguments(schemas.StreamWorkflow, location="json")
@blp.answers_with("text/event-stream")
def stream_workflow(body: dict[str, Any]) -> Response:
    """执行工作流（流式响应）: run a workflow and stream its events."""
    agent = _workflow(body)
    return sse.response(list(run_stream.events(runs.start(agent, body, runs.STREAMING))))


@blp.post("/v1/workflow/stream_resume")
@blp.arguments(schemas.ResumeWorkflow, location="json")
@blp.answers_with("text/event-stream")
def stream_resume(body: dict[str, Any]) -> Response:
    """恢复运行工作流（流式响应）: answer the question at the end of a stream."""
    try:
        agent = agents.published_workflow(body["workflow_id"])
    except ApiError as error:
        return _refusal(error)
    return sse.response(list(run_stream.events(runs.resume(body, agent))))


@blp.post("/v1/workflows/resume")
@blp.arguments(schemas.ResumeWorkflow, location="json")
@blp.answers("Run")
def resume_workflow(body: dict[str, Any]) -> dict[str, Any]:
    """恢复运行工作流: answer the question without a stream."""
    return runs.answer(runs.resume(body, agents.published_workflow(body["workflow_id"])))


@blp.get("/v1/workflows")
@blp.arguments(schemas.WorkflowsQuery, location="query")
@blp.answers("Workflows")
def list_workflows(query: dict[str, Any]) -> dict[str, Any]:
    """查询工作流列表: the workflows of the workspace."""
    kinds: list[Kind] = [query["workflow_mode"]] if "workflow_mode" in query else ["workflow", "chatflow"]
    found = [
        _item(agent)
        for agent in agents.listed(*kinds)
        if agent.workspace_id == home(query["workspace_id"])
        and query["publish_status"] in {"all", _STATUS[agent.published]}
    ]
    here = page(query["page_num"], query["page_size"])
    return ok(data={"items": found[here], "has_more": here.stop < len(found)})


@blp.get("/v1/workflows/<workflow_id>")
@blp.answers("Workflow")
def retrieve_workflow(workflow_id: str) -> dict[str, Any]:
    """查询工作流基本信息: one workflow."""
    agent = agents.workflow(workflow_id)
    return ok(data={"workflow_detail": _item(agent), "input": {}, "output": {}})


@blp.get("/v1/workflows/<workflow_id>/versions")
@blp.arguments(VersionsQuery, location="query")
@blp.answers("WorkflowVersions")
def list_workflow_versions(query: dict[str, Any], workflow_id: str) -> dict[str, Any]:
    """查询工作流版本列表: the only version of a published workflow."""
    del query
    agent = agents.workflow(workflow_id)
    version = {
        "workflow_id": agent.id,
        "version": "v0.0.1",
        "description": agent.description,
        "created_at": str(agent.created_at),
        "updated_at": str(agent.updated_at),
        "creator": _creator(),
        "changelog": "",
        "publish_status": "published",
    }
    items = [version] if agent.published else []
    return ok(data={"items": items, "has_more": False, "next_page_token": ""})


@blp.get("/v1/workflows/<workflow_id>/run_histories/<execute_id>")
@blp.answers("RunHistory")
def retrieve_run_history(workflow_id: str, execute_id: str) -> dict[str, Any]:
    """查询工作流异步执行结果: the result of a run; a second look finishes the run."""
    return ok(data=[runs.history(runs.find(agents.workflow(workflow_id).id, execute_id))])


@blp.get("/v1/workflows/<workflow_id>/run_histories/<execute_id>/execute_nodes/<node_execute_uuid>")
@blp.answers("NodeOutput")
def retrieve_node_output(workflow_id: str, execute_id: str, node_execute_uuid: str) -> dict[str, Any]:
    """查询输出节点的执行结果: the output of the last node."""
    run = runs.find(agents.workflow(workflow_id).id, execute_id)
    is_finish = run.status != "Running" and node_execute_uuid == run.node
    return ok(data={"is_finish": is_finish, "node_output": run.output if is_finish else ""})


def _creator() -> dict[str, str]:
    return {"id": accounts.user_id(), "name": "mockcbs"}


def _item(agent: Agent) -> dict[str, Any]:
    return {
        "workflow_id": agent.id,
        "workflow_name": agent.name,
        "description": agent.description,
        "icon_url": "",
        "app_id": "0",
        "created_at": str(agent.created_at),
        "updated_at": str(agent.updated_at),
        "creator": _creator(),
    }
