"""The routes of Feishu, a module for each family of calls."""

from mockcbs.services.feishu.views import bases, fields, records, tables, tokens
from mockcbs.services.feishu.views.base import blp

__all__ = ["bases", "blp", "fields", "records", "tables", "tokens"]
