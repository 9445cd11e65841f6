"""The routes of Feishu, one module per family of calls."""

from mockcbs.services.feishu.views import bases, fields, messages, records, tables, tokens
from mockcbs.services.feishu.views.base import blp

__all__ = ["bases", "blp", "fields", "messages", "records", "tables", "tokens"]
