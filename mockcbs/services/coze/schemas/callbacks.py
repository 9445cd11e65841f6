"""Queries and bodies of the calls about callback apps (contract 3.13.1)."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from mockcbs.services.coze.callback_apps import EVENTS
from mockcbs.services.coze.schemas.fields import Body, Id, Items, Query, QueryWhole, choice, text


class CreateApp(Body):
    """Body of creating an app."""

    app_type = choice("normal", "connector", required=True)
    name = text(128)
    connector_id = Id()

    @validates_schema(skip_on_field_errors=True)
    def _complete(self, data: dict[str, Any], **_: Any) -> None:
        needed = "name" if data["app_type"] == "normal" else "connector_id"
        if not data.get(needed):
            raise ValidationError("is required", needed)


class AppsQuery(Query):
    """Query of the list of apps."""

    app_type = choice("normal", "connector")
    page_token = QueryWhole(0, 1_000_000, load_default=0)
    page_size = QueryWhole(1, 50, load_default=20)


class UpdateApp(Body):
    """Body of changing an app."""

    name = text(128, 1)
    callback_url = text(2048, 1)


class Events(Body):
    """Body with event types."""

    event_types = Items(choice(*EVENTS), 1, 50, required=True)


class EventsQuery(Query):
    """Query of the list of an app's events."""

    page_token = QueryWhole(0, 1_000_000, load_default=0)
    page_size = QueryWhole(1, 50, load_default=50)
