"""The members of Coze's responses that the analytics have and that official SDKs require."""

from marshmallow import Schema

from mockcbs.contract.coze_team_schemas import TEAMS
from mockcbs.services.coze.responses.analytics import Analytics, Logs
from mockcbs.services.coze.responses.bots import (
    Bot,
    Bots,
    BotVersions,
    File,
    MadeBot,
    SpaceBots,
    User,
    Variables,
    Workspaces,
)
from mockcbs.services.coze.responses.chats import Chat, Conversation, Conversations, Message, Section
from mockcbs.services.coze.responses.tokens import DeviceCode, Tokens
from mockcbs.services.coze.responses.workflows import (
    NodeOutput,
    Run,
    RunHistory,
    Workflow,
    Workflows,
    WorkflowVersions,
)

SCHEMAS: dict[str, Schema] = {
    "analytics": Analytics(),
    "logs": Logs(),
    "bot": Bot(),
    "space-bots": SpaceBots(),
    "bots": Bots(),
    "made-bot": MadeBot(),
    "bot-versions": BotVersions(),
    "workspaces": Workspaces(),
    "user": User(),
    "conversation": Conversation(),
    "conversations": Conversations(),
    "section": Section(),
    "message": Message(),
    "chat": Chat(),
    "file": File(),
    "variables": Variables(),
    "workflows": Workflows(),
    "workflow": Workflow(),
    "workflow-versions": WorkflowVersions(),
    "run": Run(),
    "run-history": RunHistory(),
    "node-output": NodeOutput(),
    "device": DeviceCode(),
    "tokens": Tokens(),
    **TEAMS,
}
"""The schemas by the last part of their clauses, ``coze.shape.NAME``."""
