"""Apps: the account's one, and those that clients run workflows of (contract 3.12)."""

from dataclasses import dataclass

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import agents, errors
from mockcbs.services.coze.envelope import seconds
from mockcbs.services.coze.records import Records
from mockcbs.web import context

DEFAULT_ID = "7439828073344000001"
"""The app that every account has."""
_CREATED = 1_735_660_800
"""2025-01-01 in Shanghai, as `mockcbs.services.coze.agents` has it."""


@dataclass(frozen=True)
class App:
    """An app."""

    id: str
    name: str
    updated_at: int = _CREATED
    published_at: int = _CREATED


_KEPT = Records("coze.app", App)


def listed() -> list[App]:
    """The account's apps, its own first."""
    return [App(DEFAULT_ID, "Demo app"), *_KEPT.select()]


def find(app_id: str) -> App:
    """The app of that id; 4200 if there is none. Unless strict, any id of the right form is one."""
    agents.check_not_failing(app_id)
    if known := next((app for app in listed() if app.id == app_id), None):
        return known
    agents.check_form(app_id)
    if context.mock().settings.strict or len(app_id) < agents.MIN_DIGITS:
        raise ApiError(errors.RESOURCE_NOT_FOUND, f"the account has no app {app_id}; it has {DEFAULT_ID}")
    return App(app_id, f"App {app_id[-4:]}")


def remember(app_id: str) -> None:
    """List an app from now on that a client has named in a call."""
    if app_id and all(app.id != app_id for app in listed()):
        now = seconds()
        _KEPT.put(app_id, App(app_id, f"App {app_id[-4:]}", now, now))
