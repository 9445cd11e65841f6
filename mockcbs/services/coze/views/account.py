"""The caller's account, and the variables of its users (contract 3.9, 3.11)."""

from typing import Any

from mockcbs.services.coze import accounts, agents, apps
from mockcbs.services.coze.envelope import ok, seconds
from mockcbs.services.coze.schemas import account as schemas
from mockcbs.services.coze.views.base import blp
from mockcbs.web import context

_VARIABLES = "coze.variables"


@blp.get("/v1/users/me")
@blp.answers("User")
def users_me() -> dict[str, Any]:
    """查看用户信息: the caller."""
    names = {"user_name": "mockcbs", "nick_name": "mockcbs"}
    return ok(data={"user_id": accounts.user_id(), **names, "avatar_url": ""})


@blp.get("/v1/variables")
@blp.arguments(schemas.VariablesQuery, location="query")
@blp.answers("Variables")
def read_variables(query: dict[str, Any]) -> dict[str, Any]:
    """读取用户变量: the variables of a user, or those named by keywords."""
    held = context.mock().documents.get(_VARIABLES, accounts.scope(), _owner(query)) or {}
    wanted = query["keywords"] or list(held)
    return ok(data={"items": [held[keyword] for keyword in wanted if keyword in held]})


@blp.put("/v1/variables")
@blp.arguments(schemas.UpdateVariables, location="json")
@blp.answers()
def update_variables(body: dict[str, Any]) -> dict[str, Any]:
    """更新用户变量: set variables of a user."""
    store, now = context.mock().documents, seconds()
    held = store.get(_VARIABLES, accounts.scope(), _owner(body)) or {}
    changed = {
        item["keyword"]: {
            **item,
            "create_time": held.get(item["keyword"], {"create_time": now})["create_time"],
            "update_time": now,
        }
        for item in body["data"]
    }
    store.put(_VARIABLES, accounts.scope(), _owner(body), {**held, **changed})
    return ok()


def _owner(asked: dict[str, Any]) -> str:
    """The owner of variables: a user of a channel, in a bot or an app."""
    if asked["bot_id"]:
        agents.bot(asked["bot_id"])
    else:
        apps.remember(apps.find(asked["app_id"]).id)
    kind, owner = ("bot", asked["bot_id"]) if asked["bot_id"] else ("app", asked["app_id"])
    return f"{kind}/{owner}/{asked['connector_id']}/{asked['connector_uid']}"
