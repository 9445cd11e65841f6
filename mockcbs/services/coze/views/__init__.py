"""The routes of Coze, a module a family of endpoints."""

from mockcbs.services.coze.views import (
    account,
    analytics,
    bots,
    callbacks,
    chat,
    conversations,
    files,
    oauth,
    workflows,
)
from mockcbs.services.coze.views.base import blp

__all__ = [
    "account",
    "analytics",
    "blp",
    "bots",
    "callbacks",
    "chat",
    "conversations",
    "files",
    "oauth",
    "workflows",
]
