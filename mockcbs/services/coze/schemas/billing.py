"""Queries and bodies of benefits and bills (contract 1.3)."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from mockcbs.services.coze.benefits import RESOURCES, TYPES
from mockcbs.services.coze.schemas.fields import (
    Body,
    CommaList,
    Query,
    QueryWhole,
    Whole,
    choice,
    page_number,
)

_LATEST = 253_402_300_799
"""The end of the year 9999, Unix seconds."""


class BenefitsQuery(Query):
    """Query of the benefits of a plan; the limits of calls belong to a resource."""

    benefit_type_list = CommaList(*TYPES)
    resource_id = choice(*RESOURCES)

    @validates_schema(skip_on_field_errors=True)
    def _resource(self, data: dict[str, Any], **_: Any) -> None:
        if "api_run_qps" in data["benefit_type_list"] and "resource_id" not in data:
            raise ValidationError("is required with api_run_qps", "resource_id")


class CreateBillTask(Body):
    """Body of exporting bills."""

    started_at = Whole(0, _LATEST, required=True)
    ended_at = Whole(0, _LATEST, required=True)


class BillTasksQuery(Query):
    """Query of the list of exports."""

    task_ids = CommaList()
    page_num = page_number()
    page_size = QueryWhole(1, 200, load_default=20)

    @validates_schema(skip_on_field_errors=True)
    def _few(self, data: dict[str, Any], **_: Any) -> None:
        if len(data["task_ids"]) > 100:
            raise ValidationError("must name at most 100 tasks", "task_ids")
