"""Callback apps: the URLs that get the callbacks of an account, and their events (contract 3.13)."""

import hashlib
import uuid
from dataclasses import dataclass, replace
from typing import Any

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import accounts, errors
from mockcbs.services.coze.envelope import new_id
from mockcbs.services.coze.records import Records
from mockcbs.web import context

EVENTS = {
    "bot.published": ("智能体发布", "A bot was published."),
    "bot.unpublished": ("智能体下架", "A bot was taken off a channel."),
    "bot.deleted": ("智能体删除", "A bot was deleted."),
    "benefit.usage": ("账单推送", "The account's usage of a benefit."),
    "benefit.plugin.scale.requested": ("插件扩容申请", "More calls of a plugin were requested."),
    "benefit.plugin.scale.expired": ("插件扩容到期", "More calls of a plugin have ended."),
}
"""The name and the description of each event type (contract 3.13.2)."""


@dataclass(frozen=True)
class CallbackApp:
    """A callback app."""

    id: str
    app_type: str
    name: str
    connector_id: str
    verify_token: str
    callback_url: str = ""
    event_types: tuple[str, ...] = ()


_KEPT = Records("coze.callback_app", CallbackApp)


def create(app_type: str, name: str, connector_id: str) -> CallbackApp:
    """Create an app without a URL and without events."""
    app_id = new_id()
    app = CallbackApp(app_id, app_type, name, connector_id, _token(app_id))
    return _KEPT.put(app.id, app)


def find(app_id: str) -> CallbackApp:
    """The app with that id; raises `ApiError` 4200."""
    if found := _KEPT.get(app_id):
        return found
    raise ApiError(errors.RESOURCE_NOT_FOUND, f"there is no callback app {app_id!r}")


def listed(app_type: str | None) -> list[CallbackApp]:
    """The apps of the account, oldest first; if a type is given, only those of the type."""
    return [app for app in _KEPT.select() if app_type in {None, app.app_type}]


def change(app: CallbackApp, *, name: str | None, callback_url: str | None) -> CallbackApp:
    """Change the name or the URL of *app*; raises `ApiError` 4000 if the URL fails the challenge."""
    callbacks = context.mock().callbacks
    if callback_url and callbacks:
        if problem := callbacks.check(callback_url, app.verify_token):
            raise errors.parameter(f"callback_url does not pass its check: {problem}")
        callbacks.save(app.id, callback_url, app.verify_token, accounts.scope())
    changed = replace(
        app,
        name=app.name if name is None else name,
        callback_url=app.callback_url if callback_url is None else callback_url,
    )
    return _KEPT.put(app.id, changed)


def delete(app: CallbackApp) -> None:
    """Delete *app*; it gets no more callbacks."""
    if callbacks := context.mock().callbacks:
        callbacks.remove(app.id, accounts.scope())
    _KEPT.delete(app.id)


def set_events(app: CallbackApp, event_types: list[str], *, wanted: bool) -> CallbackApp:
    """Add event types to *app*, or remove them."""
    others = [name for name in app.event_types if name not in event_types]
    return _KEPT.put(app.id, replace(app, event_types=(*others, *(event_types if wanted else ()))))


def has_endpoints() -> bool:
    """Whether `announce` sends an event to anybody."""
    callbacks = context.mock().callbacks
    return callbacks is not None and callbacks.has_endpoints(accounts.scope())


def announce(event_type: str, event: dict[str, Any]) -> None:
    """Send an event, in the vendor's envelope, to every app that subscribes to it (3.13.3)."""
    callbacks = context.mock().callbacks
    if callbacks is None:
        return
    callbacks.deliver({"header": _header(event_type, event), "event": event}, accounts.scope())
    for app in _KEPT.select():
        if event_type in app.event_types and app.callback_url:
            header = {**_header(event_type, event, app.id), "api_app_id": app.id}
            if app.connector_id:
                header["connector_id"] = app.connector_id
            callbacks.deliver({"header": header, "event": event}, accounts.scope(), app.id)


def _token(app_id: str) -> str:
    """The token that signs an app's callbacks; with a frozen clock it is the same in every run."""
    key = f"{context.mock().settings.secret}/{accounts.scope()}/{app_id}".encode()
    return hashlib.sha256(key).hexdigest()[:32]


def _header(event_type: str, event: dict[str, Any], app_id: str = "") -> dict[str, Any]:
    name = f"{context.request_id()}/{event_type}/{app_id}/{event}"
    return {
        "event_type": event_type,
        "event_id": str(uuid.uuid5(uuid.NAMESPACE_OID, name)),
        "created_at": context.now(),
        "coze_account_id": accounts.user_id(),
    }
