"""Sample code for cozepy."""

from typing import Any

from mockcbs.samples.python import Source, call, literal
from mockcbs.samples.request import Request
from mockcbs.samples.sdk import Sdk
from mockcbs.settings import Settings

_METHODS = {
    "users_me": "users.me",
    "read_variables": "variables.retrieve connector_uid keywords app_id bot_id connector_id",
    "list_apps": "apps.list workspace_id publish_status connector_id page_num page_size",
    "list_folders": "folders.list workspace_id folder_type parent_folder_id page_num page_size",
    "retrieve_folder": "folders.retrieve folder_id",
    "duplicate_template": "templates.duplicate template_id workspace_id name",
    "retrieve_bot": "bots.retrieve bot_id is_published",
    "list_bots": "bots.list space_id=workspace_id publish_status connector_id page_num page_size",
    "create_bot": "bots.create space_id name description",
    "update_bot": "bots.update bot_id name description",
    "publish_bot": "bots.publish bot_id connector_ids",
    "unpublish_bot": "bots.unpublish bot_id connector_id unpublish_reason",
    "create_callback_app": "api_apps.create app_type name connector_id",
    "list_callback_apps": "api_apps.list app_type page_token page_size",
    "update_callback_app": "api_apps.update app_id=api_app_id name callback_url",
    "delete_callback_app": "api_apps.delete app_id=api_app_id",
    "subscribe_callback_events": "api_apps.events.create api_app_id event_types",
    "unsubscribe_callback_events": "api_apps.events.delete api_app_id event_types",
    "list_callback_events": "api_apps.events.list api_app_id page_token page_size",
    "create_chat": "chat.create bot_id user_id conversation_id additional_messages auto_save_history "
    "meta_data",
    "retrieve_chat": "chat.retrieve conversation_id chat_id",
    "list_chat_messages": "chat.messages.list conversation_id chat_id",
    "cancel_chat": "chat.cancel conversation_id chat_id",
    "run_chatflow": "workflows.chat.stream workflow_id additional_messages parameters bot_id conversation_id",
    "audit_bot": "connectors.bots.update bot_id connector_id audit_status reason",
    "create_conversation": "conversations.create messages bot_id name connector_id meta_data",
    "retrieve_conversation": "conversations.retrieve conversation_id",
    "list_conversations": "conversations.list bot_id page_num page_size",
    "update_conversation": "conversations.update conversation_id name",
    "delete_conversation": "conversations.delete conversation_id",
    "clear_conversation": "conversations.clear conversation_id",
    "create_message": "conversations.messages.create conversation_id role content content_type meta_data",
    "list_messages": "conversations.messages.list conversation_id order chat_id before_id after_id limit",
    "retrieve_message": "conversations.messages.retrieve conversation_id message_id",
    "modify_message": "conversations.messages.update conversation_id message_id content content_type "
    "meta_data",
    "delete_message": "conversations.messages.delete conversation_id message_id",
    "create_feedback": "conversations.messages.feedback.create conversation_id message_id feedback_type "
    "comment",
    "delete_feedback": "conversations.messages.feedback.delete conversation_id message_id",
    "retrieve_file": "files.retrieve file_id",
    "run_workflow": "workflows.runs.create workflow_id parameters bot_id app_id is_async ext",
    "stream_workflow": "workflows.runs.stream workflow_id parameters bot_id app_id ext",
    "stream_resume": "workflows.runs.resume workflow_id event_id resume_data interrupt_type",
    "list_workflows": "workflows.list workspace_id workflow_mode app_id publish_status page_num page_size",
    "retrieve_workflow": "workflows.retrieve workflow_id",
    "list_workflow_versions": "workflows.versions.list workflow_id publish_status page_size page_token",
    "retrieve_run_history": "workflows.runs.run_histories.retrieve workflow_id execute_id",
    "list_workspaces": "workspaces.list user_id coze_account_id page_num page_size",
    "list_workspace_members": "workspaces.members.list workspace_id page_num page_size",
    "remove_workspace_members": "workspaces.members.delete workspace_id user_ids",
}
"""By operation: the method and its parameters; ``a=b`` if the API's parameter *b* is *a* in the SDK."""
_REQUIRED: dict[str, dict[str, Any]] = {
    "read_variables": {"keywords": []},
    "unpublish_bot": {"connector_id": "1024"},
}
"""By operation: what the SDK requires although the API does not, as the API's defaults."""
_NUMBERS = {"page_num", "page_size", "limit", "interrupt_type"}
_FLAGS = {"is_published", "auto_save_history", "is_async"}
_MESSAGES = {"messages", "additional_messages"}
_STREAMS = ("chat.stream", "workflows.chat.stream", "workflows.runs.stream", "workflows.runs.resume")


def _write(request: Request, settings: Settings) -> str | None:
    del settings
    _, _, name = request.operation.partition(".")
    method, *parameters = _METHODS.get(name, "").split() or [""]
    if not method:
        return None
    body = request.json if isinstance(request.json, dict) else {}
    if name == "create_chat" and body.get("stream"):
        method = "chat.stream"
    sent = {**request.names, **dict(request.parameters), **body}
    given = {**_REQUIRED.get(name, {})}
    for parameter in parameters:
        argument, _, source = parameter.partition("=")
        if (source or argument) in sent:
            given[argument] = _argument(argument, sent[source or argument])
    messages = any(argument in _MESSAGES for argument in given)
    token = request.header("Authorization").removeprefix("Bearer ")
    client = call("Coze", auth=Source(call("TokenAuth", token)), base_url=request.base_url)
    return "\n".join(
        [
            f"from cozepy import Coze, {'Message, ' if messages else ''}TokenAuth",
            "",
            f"coze = {client}",
            *_use(method, call(f"coze.{method}", **given)),
            "",
        ]
    )


def _use(method: str, made: str) -> list[str]:
    """The lines that print a result: the events of a stream, the items of a list, or one object."""
    if method in _STREAMS or (method.endswith(".list") and method != "chat.messages.list"):
        return [f"for item in {made}:", "    print(item)"]
    return [f"print({made})"]


def _argument(name: str, value: Any) -> Any:
    """*value* as the SDK takes it: texts in a query are numbers, booleans or lists in the SDK."""
    if name in _MESSAGES and isinstance(value, list):
        items = ", ".join(f"Message.model_validate({literal(item)})" for item in value)
        return Source(f"[{items}]")
    if name in _NUMBERS and isinstance(value, str) and value.isdecimal():
        return int(value)
    if name in _FLAGS and isinstance(value, str):
        return value == "true"
    if name == "keywords" and isinstance(value, str):
        return value.split(",")
    return value


SDK = Sdk("cozepy", _write)
