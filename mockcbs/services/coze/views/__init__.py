"""The routes of Coze, one module per family of endpoints."""

from mockcbs.services.coze.views import (
    account,
    analytics,
    apps,
    billing,
    bots,
    callbacks,
    chat,
    collaborators,
    conversations,
    enterprises,
    files,
    oauth,
    workflows,
    workspaces,
)
from mockcbs.services.coze.views.base import blp

__all__ = [
    "account",
    "analytics",
    "apps",
    "billing",
    "blp",
    "bots",
    "callbacks",
    "chat",
    "collaborators",
    "conversations",
    "enterprises",
    "files",
    "oauth",
    "workflows",
    "workspaces",
]
