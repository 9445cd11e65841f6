"""Bots: list, create, publish (contract 3.1)."""

from typing import Any

from mockcbs.services.coze import accounts, agents, callback_apps, folders, workspaces
from mockcbs.services.coze.agents import Agent
from mockcbs.services.coze.envelope import API_CHANNEL, ok, seconds
from mockcbs.services.coze.schemas import bots as schemas
from mockcbs.services.coze.schemas.pages import VersionsQuery
from mockcbs.services.coze.views.base import blp
from mockcbs.web.paging import page

_ICON = "https://example.com/icon.png"
_MODEL = {"model_id": "1706077826", "model_name": "demo"}
_SHOWN_BY_STATUS = {
    "all": (True, False),
    "published_online": (True,),
    "published_draft": (True,),
    "unpublished_draft": (False,),
}


@blp.get("/v1/bot/get_online_info")
@blp.arguments(schemas.BotQuery, location="query")
@blp.answers("Bot")
def get_online_info(query: dict[str, Any]) -> dict[str, Any]:
    """获取已发布智能体配置: a published bot (older call)."""
    return ok(data=_shown(agents.published_bot(query["bot_id"])))


@blp.get("/v1/bots/<bot_id>")
@blp.arguments(schemas.DraftQuery, location="query")
@blp.answers("Bot")
def retrieve_bot(query: dict[str, Any], bot_id: str) -> dict[str, Any]:
    """查看智能体配置: the published version of a bot, or its draft."""
    if query["is_published"]:
        return ok(data=_shown(agents.published_bot(bot_id)))
    return ok(data={**_shown(agents.bot(bot_id)), "version": ""})


@blp.get("/v1/space/published_bots_list")
@blp.arguments(schemas.SpaceBotsQuery, location="query")
@blp.answers("SpaceBots")
def list_published_bots(query: dict[str, Any]) -> dict[str, Any]:
    """查看已发布智能体列表: the published bots of the workspace (older call)."""
    found = [agent for agent in _of_workspace(query["space_id"]) if agent.published]
    page = [
        {
            "bot_id": agent.id,
            "bot_name": agent.name,
            "description": agent.description,
            "icon_url": _ICON,
            "publish_time": str(agent.published_at),
        }
        for agent in _page(found, query)
    ]
    return ok(data={"space_bots": page, "total": len(found)})


@blp.get("/v1/bots")
@blp.arguments(schemas.BotsQuery, location="query")
@blp.answers("Bots")
def list_bots(query: dict[str, Any]) -> dict[str, Any]:
    """查看智能体列表: the bots of the workspace."""
    wanted = _SHOWN_BY_STATUS[query["publish_status"]]
    found = [agent for agent in _of_workspace(query["workspace_id"]) if agent.published in wanted]
    page = [
        {
            "id": agent.id,
            "name": agent.name,
            "description": agent.description,
            "icon_url": _ICON,
            "is_published": agent.published,
            "updated_at": agent.updated_at,
            "owner_user_id": accounts.user_id(),
            "folder_id": folders.PROJECTS,
            **({"published_at": agent.published_at} if agent.published else {}),
        }
        for agent in _page(found, query)
    ]
    return ok(data={"items": page, "total": len(found)})


@blp.post("/v1/bot/create")
@blp.arguments(schemas.CreateBot, location="json")
@blp.answers("MadeBot")
def create_bot(body: dict[str, Any]) -> dict[str, Any]:
    """创建智能体: create a bot; it is not published yet."""
    return ok(
        data={"bot_id": agents.create(workspace_id=workspaces.home(body["space_id"]), **_details(body)).id}
    )


@blp.post("/v1/bot/update")
@blp.arguments(schemas.UpdateBot, location="json")
@blp.answers()
def update_bot(body: dict[str, Any]) -> dict[str, Any]:
    """更新智能体: change the settings of a bot."""
    agents.change(agents.bot(body["bot_id"]), **_details(body))
    return ok()


@blp.post("/v1/bot/publish")
@blp.arguments(schemas.PublishBot, location="json")
@blp.answers("MadeBot")
def publish_bot(body: dict[str, Any]) -> dict[str, Any]:
    """发布智能体: publish a bot to channels."""
    agent = agents.bot(body["bot_id"])
    channels = tuple(dict.fromkeys((*agent.channels, *body["connector_ids"])))
    agent = agents.change(agent, channels=channels, published_at=seconds())
    callback_apps.announce(
        "bot.published",
        {
            "user_id": int(accounts.user_id()),
            "user_id_str": accounts.user_id(),
            "space_id": agent.workspace_id,
            "user_name": "mockcbs",
            "bot_id": int(agent.id),
            "bot_id_str": agent.id,
            "bot_name": agent.name,
            "description": agent.description,
            "version": _version(agent),
        },
    )
    return ok(data={"bot_id": agent.id, "version": _version(agent)})


@blp.post("/v1/bots/<bot_id>/unpublish")
@blp.arguments(schemas.UnpublishBot, location="json")
@blp.answers()
def unpublish_bot(body: dict[str, Any], bot_id: str) -> dict[str, Any]:
    """下架智能体: remove a bot from a channel."""
    agent = agents.bot(bot_id)
    agents.change(agent, channels=tuple(name for name in agent.channels if name != body["connector_id"]))
    callback_apps.announce(
        "bot.unpublished",
        {
            "bot_id": agent.id,
            "space_id": agent.workspace_id,
            "bot_name": agent.name,
            "description": agent.description,
            "connector_id": body["connector_id"],
        },
    )
    return ok()


@blp.get("/v1/bots/<bot_id>/versions")
@blp.arguments(VersionsQuery, location="query")
@blp.answers("BotVersions")
def list_bot_versions(query: dict[str, Any], bot_id: str) -> dict[str, Any]:
    """查看智能体版本列表: the only version of a published bot."""
    del query
    agent = agents.bot(bot_id)
    version = {
        "version": _version(agent),
        "description": "",
        "created_at": str(agent.published_at),
        "updated_at": str(agent.published_at),
        "connector_ids": list(agent.channels),
        "creator": {"id": accounts.user_id(), "name": "mockcbs"},
    }
    items = [version] if agent.channels else []
    return ok(data={"items": items, "has_more": False, "total": len(items)})


def _of_workspace(workspace_id: str) -> list[Agent]:
    home = workspaces.home(workspace_id)
    return [agent for agent in agents.listed("bot") if agent.workspace_id == home]


def _page(found: list[Agent], query: dict[str, Any]) -> list[Agent]:
    return found[page(query["page_num"], query["page_size"])]


def _details(body: dict[str, Any]) -> dict[str, Any]:
    """The members of a body that are stored, by the names of `Agent`."""
    onboarding, prompt = body.get("onboarding_info", {}), body.get("prompt_info", {})
    details = {
        "name": body.get("name"),
        "description": body.get("description"),
        "prompt": prompt.get("prompt"),
        "greeting": onboarding.get("prologue"),
        "suggested": onboarding.get("suggested_questions"),
    }
    given = {name: value for name, value in details.items() if value is not None}
    if "suggested" in given:
        given["suggested"] = tuple(given["suggested"])
    return given


def _version(agent: Agent) -> str:
    return str(agent.published_at * 1000)


def _shown(agent: Agent) -> dict[str, Any]:
    return {
        "bot_id": agent.id,
        "name": agent.name,
        "description": agent.description,
        "icon_url": _ICON,
        "create_time": agent.created_at,
        "update_time": agent.updated_at,
        "version": _version(agent) if API_CHANNEL in agent.channels else "",
        "owner_user_id": accounts.user_id(),
        "prompt_info": {"prompt": agent.prompt},
        "onboarding_info": {"prologue": agent.greeting, "suggested_questions": list(agent.suggested)},
        "bot_mode": 0,
        "plugin_info_list": [],
        "workflow_info_list": [],
        "model_info": _MODEL,
    }
