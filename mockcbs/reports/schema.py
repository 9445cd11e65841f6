"""The schemas of reporting nodes and daily reports in datasets and requests."""

import re
from collections.abc import Iterable
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema

from mockcbs.core.bounds import Entries, Items
from mockcbs.core.fields import Field
from mockcbs.core.files import StrictSchema, one_of, text
from mockcbs.reports.daily import DailyReport, Destination
from mockcbs.reports.node import COLUMNS, Node
from mockcbs.services import registry
from mockcbs.services.reporting import Messenger, RowWriter
from mockcbs.traffic.periods import offset

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


class NodeSchema(StrictSchema):
    """The reporting node of a workflow; `stated_node` adds the members that services state."""

    kind = text(64, required=True)
    url = text(2048, load_default="")
    columns = Entries(keys=one_of(*COLUMNS), values=text(128, 1), load_default={})
    exec_time = one_of("ms", "iso")

    @validates_schema(skip_on_field_errors=True)
    def _complete(self, data: dict[str, Any], **_: Any) -> None:
        members = registry.row_writers()[data["kind"]].members
        for name in members:
            if name not in data:
                raise ValidationError(f"is missing; kind {data['kind']} needs {' and '.join(members)}", name)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Node:
        writer = registry.row_writers()[data["kind"]]
        base, table = writer.members
        return Node(
            data["kind"],
            data[base],
            data[table],
            data["url"].rstrip("/"),
            data["credentials"],
            data["columns"],
            data.get("exec_time", writer.exec_time),
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


def _destination() -> Schema:
    """The schema of a destination, with the members that services state."""
    messengers = registry.messengers()
    members = {"service": one_of(*messengers), "credentials": _credentials(messengers.values())}
    return DestinationSchema.from_dict(members, name="DestinationSchema")()


def _credentials(stated: Iterable[RowWriter | Messenger], **options: Any) -> Field[Any]:
    names = dict.fromkeys(name for one in stated for name in one.credentials)
    return Entries(keys=one_of(*names), values=text(256), **options)


class ReportSchema(StrictSchema):
    """A daily report. The caller adds the id."""

    to = fields.Nested(_destination, required=True)
    name = text(64, 1, load_default="日报")
    at = text(64, load_default="09:00")
    zone = text(64, load_default="+08:00")
    workflows = Items(text(64, 1), load_default=[])
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
    return Items(fields.Nested(ReportSchema))


def stated_node() -> Field[Any]:
    """The field of a workflow for its reporting node."""
    writers = registry.row_writers()
    members = {
        "kind": one_of(*writers, required=True),
        **{name: text(128, 1) for writer in writers.values() for name in writer.members},
        "credentials": _credentials(writers.values(), load_default={}),
    }
    return fields.Nested(NodeSchema.from_dict(members, name="NodeSchema"))
