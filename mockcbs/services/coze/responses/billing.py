"""The plan, its benefits, and bills (contract 1.3)."""

from typing import Any

from marshmallow import ValidationError, fields

from mockcbs.core.fields import Field
from mockcbs.services.coze.responses.fields import Part, Real, Whole, identifier, seconds, text


class _BasicInfo(Part):
    user_level = text()


class _Item(Part):
    used = Real(required=True)
    total = Real(required=True)
    start_at = Whole(required=True)
    end_at = Whole(required=True)
    strategy = text()


class _Quota(Part):
    status = text()
    item_info = fields.Nested(_Item, required=True)


class _Benefit(Part):
    benefit_type = text()
    basic = fields.Nested(_Quota, required=True)
    effective = fields.Nested(_Quota, required=True)
    extra = fields.List(fields.Dict())
    resource_id = fields.String()


class Benefits(Part):
    """The plan of the account and its benefits."""

    basic_info = fields.Nested(_BasicInfo, required=True)
    benefit_info = fields.List(fields.Nested(_Benefit), required=True)


class _Links(Field[Any]):
    """A list of links; an empty text while there is no file."""

    def documented(self) -> dict[str, Any]:
        """The field in OpenAPI."""
        return {"oneOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string", "enum": [""]}]}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        del attr, data, kwargs
        if not isinstance(value, list) and value != "":
            raise ValidationError("is not a list of links, and not empty")
        return value


class BillTask(Part):
    """An export of a bill."""

    task_id = identifier()
    started_at = seconds(required=True)
    ended_at = seconds(required=True)
    created_at = seconds(required=True)
    expires_at = seconds(required=True)
    file_urls = _Links(required=True)
    status = text()


class BillTasks(Part):
    """The exports of bills."""

    total = Whole(required=True)
    task_infos = fields.List(fields.Nested(BillTask), required=True)
