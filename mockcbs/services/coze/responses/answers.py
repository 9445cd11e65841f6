"""Responses in their envelopes; views refer to them by name."""

from marshmallow import fields

from mockcbs.services.coze.responses import analytics, apps, billing, bots, chats, teams, workflows
from mockcbs.services.coze.responses.envelope import Done, enveloped, many
from mockcbs.services.coze.responses.fields import Flag, Whole

_DATA = (
    analytics.Analytics,
    analytics.Logs,
    apps.Apps,
    apps.CallbackApp,
    apps.CallbackApps,
    apps.CallbackEvents,
    apps.Folder,
    apps.Folders,
    apps.MadeEntity,
    billing.Benefits,
    billing.BillTask,
    billing.BillTasks,
    bots.Bot,
    bots.Bots,
    bots.BotVersions,
    bots.File,
    bots.MadeBot,
    bots.SpaceBots,
    bots.User,
    bots.Variables,
    bots.Workspaces,
    chats.Chat,
    chats.Conversation,
    chats.Conversations,
    chats.Message,
    chats.Section,
    teams.AddedMembers,
    teams.MadeOrganization,
    teams.MadeWorkspace,
    teams.Members,
    teams.RemovedMembers,
    workflows.NodeOutput,
    workflows.Workflow,
    workflows.Workflows,
    workflows.WorkflowVersions,
)
"""The schemas of ``data``; each response is named after its data, such as `BotAnswer`."""

for _one in _DATA:
    enveloped(f"{_one.__name__}Answer", _one)


class DoneAnswer(Done):
    """A successful response without data."""


ChatMessagesAnswer = enveloped("ChatMessagesAnswer", fields.List(fields.Nested(chats.Message)))
MessagesAnswer = enveloped(
    "MessagesAnswer",
    many(chats.Message),
    first_id=fields.String(required=True),
    last_id=fields.String(required=True),
    has_more=Flag(required=True),
)
RunHistoryAnswer = enveloped("RunHistoryAnswer", many(workflows.RunHistory))


class ModifiedMessageAnswer(Done):
    """A changed message; it is not inside ``data``."""

    message = fields.Nested(chats.Message, required=True)


class RunAnswer(Done):
    """A run without a stream; the code of a failed run is here."""

    code = Whole(required=True)
    data = fields.String()
    debug_url = fields.String(required=True)
    execute_id = fields.String(required=True)
    usage = fields.Nested(chats.Usage)
    interrupt_data = fields.Nested(workflows.Interrupt)
