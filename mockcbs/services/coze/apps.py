"""Apps: the default app of an account, and apps in which clients run workflows (contract 3.12)."""

from dataclasses import dataclass

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import agents, errors
from mockcbs.services.coze.envelope import seconds
from mockcbs.services.coze.records import Records
from mockcbs.web import context

DEFAULT_ID = "7439828073344000001"
"""The app that every account has."""


@dataclass(frozen=True)
class App:
    """An app."""

    id: str
    name: str
    updated_at: int = agents.CREATED
    published_at: int = agents.CREATED


_KEPT = Records("coze.app", App)


def listed() -> list[App]:
    """The apps of the account, the default app first."""
    return [App(DEFAULT_ID, "Demo app"), *_KEPT.select()]


def find(app_id: str) -> App:
    """The app with that id; raises `ApiError` 4200. Unless strict, every id of the right form is an app."""
    agents.check_not_failing(app_id)
    if known := next((app for app in listed() if app.id == app_id), None):
        return known
    agents.check_form(app_id)
    if context.mock().settings.strict or len(app_id) < agents.MIN_DIGITS:
        raise ApiError(errors.RESOURCE_NOT_FOUND, f"the account has no app {app_id}; it has {DEFAULT_ID}")
    return App(app_id, f"App {app_id[-4:]}")


def remember(app_id: str) -> None:
    """Add an app that a client named in a call to the list of apps."""
    if app_id and all(app.id != app_id for app in listed()):
        now = seconds()
        _KEPT.put(app_id, App(app_id, f"App {app_id[-4:]}", now, now))
