"""Callback apps and their events (contract 3.13.1)."""

from typing import Any

from mockcbs.services.coze import callback_apps
from mockcbs.services.coze.callback_apps import EVENTS, CallbackApp
from mockcbs.services.coze.envelope import ok
from mockcbs.services.coze.schemas import callbacks as schemas
from mockcbs.services.coze.views.base import blp
from mockcbs.web.atomic import waits


@blp.post("/v1/api_apps")
@blp.arguments(schemas.CreateApp, location="json")
@blp.answers("CallbackApp")
def create_callback_app(body: dict[str, Any]) -> dict[str, Any]:
    """创建回调应用: create a callback app."""
    app = callback_apps.create(body["app_type"], body.get("name", ""), body.get("connector_id", ""))
    return ok(data=_shown(app))


@blp.get("/v1/api_apps")
@blp.arguments(schemas.AppsQuery, location="query")
@blp.answers("CallbackApps")
def list_callback_apps(query: dict[str, Any]) -> dict[str, Any]:
    """查看回调应用列表: the account's callback apps."""
    found = callback_apps.listed(query.get("app_type"))
    return ok(data=_page([_shown(app) for app in found], query))


@blp.put("/v1/api_apps/<api_app_id>")
@blp.arguments(schemas.UpdateApp, location="json")
@blp.answers()
@waits
def update_callback_app(body: dict[str, Any], api_app_id: str) -> dict[str, Any]:
    """更新回调应用: change the name or the URL; a challenge checks a new URL."""
    app = callback_apps.find(api_app_id)
    callback_apps.change(app, name=body.get("name"), callback_url=body.get("callback_url"))
    return ok()


@blp.delete("/v1/api_apps/<api_app_id>")
@blp.answers()
def delete_callback_app(api_app_id: str) -> dict[str, Any]:
    """删除回调应用: delete a callback app."""
    callback_apps.delete(callback_apps.find(api_app_id))
    return ok()


@blp.post("/v1/api_apps/<api_app_id>/events")
@blp.arguments(schemas.Events, location="json")
@blp.answers()
def subscribe_callback_events(body: dict[str, Any], api_app_id: str) -> dict[str, Any]:
    """订阅事件: add events to an app."""
    callback_apps.set_events(callback_apps.find(api_app_id), body["event_types"], wanted=True)
    return ok()


@blp.delete("/v1/api_apps/<api_app_id>/events")
@blp.arguments(schemas.Events, location="json")
@blp.answers()
def unsubscribe_callback_events(body: dict[str, Any], api_app_id: str) -> dict[str, Any]:
    """取消订阅事件: remove events from an app."""
    callback_apps.set_events(callback_apps.find(api_app_id), body["event_types"], wanted=False)
    return ok()


@blp.get("/v1/api_apps/<api_app_id>/events")
@blp.arguments(schemas.EventsQuery, location="query")
@blp.answers("CallbackEvents")
def list_callback_events(query: dict[str, Any], api_app_id: str) -> dict[str, Any]:
    """查看订阅事件列表: the events of an app."""
    app = callback_apps.find(api_app_id)
    items = [
        {"api_app_id": app.id, "name": EVENTS[kind][0], "description": EVENTS[kind][1], "event_type": kind}
        for kind in app.event_types
    ]
    return ok(data=_page(items, query))


def _shown(app: CallbackApp) -> dict[str, Any]:
    shown = {
        "id": app.id,
        "name": app.name,
        "app_type": app.app_type,
        "connector_id": app.connector_id,
        "verify_token": app.verify_token,
        "callback_url": app.callback_url,
    }
    return {name: value for name, value in shown.items() if value or name in {"name", "callback_url"}}


def _page(items: list[dict[str, Any]], query: dict[str, Any]) -> dict[str, Any]:
    """One page; its token is the index of its first item."""
    start, size = query["page_token"], query["page_size"]
    more = start + size < len(items)
    following = {"next_page_token": str(start + size)} if more else {}
    return {"items": items[start : start + size], "has_more": more, **following}
