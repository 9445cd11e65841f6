"""Workflows and their runs (contract 3.7)."""

from marshmallow import fields, validate

from mockcbs.services.coze.responses.chats import Usage
from mockcbs.services.coze.responses.fields import Flag, Part, Whole, identifier, seconds, text


class _Creator(Part):
    id = identifier()
    name = text()


class _Workflow(Part):
    workflow_id = identifier()
    workflow_name = text()
    description = text()
    icon_url = text()
    app_id = identifier()
    creator = fields.Nested(_Creator)


class Workflows(Part):
    """The list of workflows."""

    items = fields.List(fields.Nested(_Workflow), required=True)
    has_more = Flag(required=True)


class Workflow(Part):
    """A workflow."""

    workflow_detail = fields.Nested(_Workflow, required=True)


class _WorkflowVersion(Part):
    version = identifier()
    description = text()
    created_at = text()
    updated_at = text()
    workflow_id = identifier()
    creator = fields.Nested(_Creator, required=True)


class WorkflowVersions(Part):
    """Versions of a workflow."""

    items = fields.List(fields.Nested(_WorkflowVersion), required=True)
    has_more = Flag(required=True)


class Run(Part):
    """A run without a stream; its members are on the level of ``code``."""

    data = fields.String()
    debug_url = text()
    execute_id = fields.String()
    usage = fields.Nested(Usage)


class RunHistory(Part):
    """The history of a run."""

    execute_id = identifier()
    execute_status = fields.String(required=True, validate=validate.OneOf(("Success", "Running", "Fail")))
    bot_id = identifier()
    connector_id = identifier()
    connector_uid = identifier()
    run_mode = Whole(required=True, validate=validate.Range(0, 2, error="is no run mode"))
    logid = identifier()
    create_time = seconds(required=True)
    update_time = seconds(required=True)
    output = text()
    error_code = fields.Raw(required=True)
    debug_url = text()
    is_output_trimmed = Flag(required=True)


class NodeOutput(Part):
    """The output of a node."""

    is_finish = Flag(required=True)
    node_output = text()
