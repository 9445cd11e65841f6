"""Queries and bodies of workflows (contract 3.7)."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from mockcbs.services.coze.schemas.fields import (
    Body,
    Flag,
    Id,
    Object,
    OptionalId,
    Parameters,
    Whole,
    channel,
    choice,
    text,
)
from mockcbs.services.coze.schemas.pages import Pages


class RunBody(Body):
    """The members that all runs of workflows share."""

    workflow_id = Id(required=True)
    parameters = Parameters()
    bot_id = OptionalId()
    app_id = OptionalId()
    ext = Object(values=text(allow_none=True), load_default=dict)
    workflow_version = text()
    connector_id = channel()

    @validates_schema(skip_on_field_errors=True)
    def _one_owner(self, data: dict[str, Any], **_: Any) -> None:
        if data["bot_id"] and data["app_id"]:
            raise ValidationError("give bot_id or app_id, not both")


class RunWorkflow(RunBody):
    """Body of running a workflow."""

    is_async = Flag(load_default=False)


class StreamWorkflow(RunBody):
    """Body of running a workflow with a stream."""


class ResumeWorkflow(Body):
    """Body of resuming a workflow."""

    workflow_id = Id(required=True)
    event_id = text(64, 1, required=True)
    resume_data = text(required=True)
    interrupt_type = Whole(-(2**31), 2**31 - 1, required=True)
    connector_id = channel()


class WorkflowsQuery(Pages):
    """Query of the list of workflows."""

    workspace_id = Id(required=True)
    workflow_mode = choice("workflow", "chatflow")
    app_id = OptionalId()
    publish_status = choice("all", "published_online", "unpublished_draft", load_default="published_online")
