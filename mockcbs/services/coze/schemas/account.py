"""Queries and bodies of files, workspaces and variables (contract 3.8, 3.10, 3.11)."""

from typing import Any

from marshmallow import Schema, ValidationError, validates_schema

from mockcbs.services.coze.schemas.fields import (
    Body,
    CommaList,
    Id,
    Item,
    Items,
    OptionalId,
    Query,
    QueryWhole,
    channel,
    page_number,
    text,
)


class FileQuery(Query):
    """Query of one file."""

    file_id = Id(required=True)


class WorkspacesQuery(Query):
    """Query of the list of workspaces."""

    page_num = page_number()
    page_size = QueryWhole(1, 50, load_default=20)
    enterprise_id = text()
    user_id = text()
    coze_account_id = text()


class _VariablesOwner(Schema):
    connector_uid = text(256, 1, required=True)
    bot_id = OptionalId()
    app_id = OptionalId()
    connector_id = channel()

    @validates_schema(skip_on_field_errors=True)
    def _one_owner(self, data: dict[str, Any], **_: Any) -> None:
        if bool(data["bot_id"]) == bool(data["app_id"]):
            raise ValidationError("give bot_id or app_id, and not both")


class VariablesQuery(Query, _VariablesOwner):
    """Query of reading variables."""

    keywords = CommaList()


class _Variable(Body):
    keyword = text(64, 1, required=True)
    value = text(required=True)


class UpdateVariables(Body, _VariablesOwner):
    """Body of setting variables."""

    data = Items(Item(_Variable), 1, required=True)
