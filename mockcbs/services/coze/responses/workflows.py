"""Workflows and their runs (contract 3.7)."""

from marshmallow import fields, validate

from mockcbs.services.coze.responses.chats import Usage
from mockcbs.services.coze.responses.fields import Creator, Flag, Part, Whole, identifier, seconds, text


class _WorkflowDetail(Part):
    workflow_id = identifier()
    workflow_name = text()
    description = text()
    icon_url = text()
    app_id = identifier()
    created_at = fields.String(metadata={"description": "Unix seconds."})
    updated_at = fields.String(metadata={"description": "Unix seconds."})
    creator = fields.Nested(Creator)


class Workflows(Part):
    """The list of workflows."""

    items = fields.List(fields.Nested(_WorkflowDetail), required=True)
    has_more = Flag(required=True)


class Workflow(Part):
    """A workflow."""

    workflow_detail = fields.Nested(_WorkflowDetail, required=True)
    input = fields.Dict()
    output = fields.Dict()


class _WorkflowVersion(Part):
    version = identifier()
    description = text()
    created_at = text()
    updated_at = text()
    workflow_id = identifier()
    creator = fields.Nested(Creator, required=True)
    changelog = fields.String()
    publish_status = fields.String()


class WorkflowVersions(Part):
    """Versions of a workflow."""

    items = fields.List(fields.Nested(_WorkflowVersion), required=True)
    has_more = Flag(required=True)
    next_page_token = fields.String()


class Interrupt(Part):
    """A question that a run waits for."""

    event_id = identifier()
    type = Whole(required=True)
    data = text()


class Run(Part):
    """A run without a stream; its members are beside ``code``."""

    data = fields.String()
    debug_url = text()
    execute_id = fields.String()
    usage = fields.Nested(Usage)


class _NodeStatus(Part):
    node_id = identifier()
    is_finish = Flag(required=True)
    update_time = seconds(required=True)
    node_execute_uuid = identifier()


class RunHistory(Part):
    """The history of a run."""

    execute_id = identifier()
    execute_status = fields.String(required=True, validate=validate.OneOf(("Success", "Running", "Fail")))
    bot_id = identifier()
    connector_id = identifier()
    connector_uid = identifier()
    run_mode = Whole(required=True, validate=validate.Range(0, 2, error="is not a run mode"))
    logid = identifier()
    create_time = seconds(required=True)
    update_time = seconds(required=True)
    output = text()
    error_code = fields.Raw(required=True)
    debug_url = text()
    is_output_trimmed = Flag(required=True)
    error_message = fields.String()
    node_execute_status = fields.Dict(keys=fields.String(), values=fields.Nested(_NodeStatus))
    usage = fields.Nested(Usage)
    token = fields.String()
    cost = fields.String()
    interrupt_data = fields.Nested(Interrupt)


class NodeOutput(Part):
    """The output of a node."""

    is_finish = Flag(required=True)
    node_output = text()
