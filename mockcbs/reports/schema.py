"""The schemas of reporting nodes and daily reports in datasets and requests."""

import re
from typing import Any

from marshmallow import ValidationError, fields, post_load, validates_schema

from mockcbs.core.fields import Field
from mockcbs.core.files import StrictSchema, one_of, text
from mockcbs.reports.daily import DailyReport, Destination
from mockcbs.reports.node import COLUMNS, KINDS, Node
from mockcbs.traffic.periods import offset

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_BASES = {
    "feishu": ("app_token", "table_id"),
    "airtable": ("base", "table"),
    "tencent_docs": ("file", "sheet"),
}
"""The names of base and table in each kind of node."""


class NodeSchema(StrictSchema):
    """The reporting node of a workflow."""

    kind = one_of(*KINDS, required=True)
    app_token = text(128, 1)
    table_id = text(128, 1)
    base = text(128, 1)
    table = text(128, 1)
    file = text(128, 1)
    sheet = text(128, 1)
    url = text(2048, load_default="")
    credentials = fields.Dict(
        keys=one_of("app_id", "app_secret", "token", "client_id", "client_secret", "open_id"),
        values=text(256),
        load_default={},
    )
    columns = fields.Dict(keys=one_of(*COLUMNS), values=text(128, 1), load_default={})
    exec_time = one_of("ms", "iso")

    @validates_schema(skip_on_field_errors=True)
    def _complete(self, data: dict[str, Any], **_: Any) -> None:
        for name in _BASES[data["kind"]]:
            if name not in data:
                raise ValidationError(
                    f"is missing; kind {data['kind']} needs {' and '.join(_BASES[data['kind']])}", name
                )

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Node:
        base, table = _BASES[data["kind"]]
        return Node(
            data["kind"],
            data[base],
            data[table],
            data["url"].rstrip("/"),
            data["credentials"],
            data["columns"],
            data.get("exec_time", "ms" if data["kind"] == "feishu" else "iso"),
        )


class DestinationSchema(StrictSchema):
    """The destination of a report."""

    hook = text(128, 1)
    secret = text(256, 1)
    chat = text(128, 1)
    mail = text(256, 1)
    sender = text(256, 1, data_key="from")
    smtp = text(256, 1)
    url = text(2048, 1)
    credentials = fields.Dict(keys=one_of("app_id", "app_secret"), values=text(256))

    @validates_schema(skip_on_field_errors=True)
    def _one(self, data: dict[str, Any], **_: Any) -> None:
        ways = [name for name in ("hook", "chat", "mail") if name in data]
        if len(ways) != 1:
            raise ValidationError(f"give one of hook, chat and mail; given are {', '.join(ways) or 'none'}")
        if "mail" in data and not re.fullmatch(r"[^:]+:\d+", data.get("smtp", "")):
            raise ValidationError("is missing; a mail needs smtp: host:port", "smtp")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Destination:
        return Destination(**data)


class ReportSchema(StrictSchema):
    """A daily report. The caller adds the id."""

    to = fields.Nested(DestinationSchema, required=True)
    name = text(64, 1, load_default="日报")
    at = text(64, load_default="09:00")
    zone = text(64, load_default="+08:00")
    workflows = fields.List(text(64, 1), load_default=[])
    form = one_of("text", "card", data_key="format", load_default="text")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> DailyReport:
        time = _TIME.fullmatch(data["at"])
        if time is None:
            raise ValidationError(f"{data['at']!r} is not a time of day such as '09:00'", "at")
        try:
            zone = offset(data["zone"])
        except ValueError as error:
            raise ValidationError(str(error), "zone") from error
        minutes = 60 * int(time[1]) + int(time[2])
        return DailyReport(
            "", data["to"], data["name"], minutes, zone, tuple(data["workflows"]), data["form"]
        )


def stated_reports() -> Field[Any]:
    """The field of a dataset for daily reports."""
    return fields.List(fields.Nested(ReportSchema))


def stated_node() -> Field[Any]:
    """The field of a workflow for its reporting node."""
    return fields.Nested(NodeSchema)
