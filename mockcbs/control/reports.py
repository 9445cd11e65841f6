"""``/_mockcbs/reports``: daily reports, which requests can add and delete."""

from dataclasses import asdict
from typing import Any

from flask import Response, current_app

from mockcbs.control.schemas import ScopeQuery
from mockcbs.control.views import blp
from mockcbs.reports import service
from mockcbs.reports.daily import DailyReport
from mockcbs.reports.schema import ReportSchema
from mockcbs.web.problems import Problem

_HIDDEN = {"secret", "credentials"}


@blp.get("/reports")
@blp.arguments(ScopeQuery, location="query")
@blp.answers(200, "events.ReportList")
def list_reports(query: dict[str, Any]) -> dict[str, Any]:
    """The daily reports of the dataset, and those that requests added."""
    return {"reports": [_shown(report) for report in service.of(current_app).of(query["scope"])]}


@blp.post("/reports")
@blp.arguments(ScopeQuery, location="query")
@blp.arguments(ReportSchema, location="json")
@blp.answers(201, "events.DailyReport")
def add_report(query: dict[str, Any], report: DailyReport) -> tuple[dict[str, Any], int]:
    """Add a report that is sent every day from now on."""
    return _shown(service.of(current_app).add(report, query["scope"] or "")), 201


@blp.delete("/reports/<report_id>")
@blp.arguments(ScopeQuery, location="query")
@blp.answers(204)
@blp.refuses(404, "There is no such report that can be deleted.")
def remove_report(query: dict[str, Any], report_id: str) -> Response:
    """Delete a report that a request added. Reports of the dataset cannot be deleted."""
    del query
    if not service.of(current_app).remove(report_id):
        raise Problem(404, "Not Found", f"there is no report {report_id!r} that can be deleted")
    return Response(status=204)


def _shown(report: DailyReport) -> dict[str, Any]:
    to = {name: value for name, value in asdict(report.to).items() if value and name not in _HIDDEN}
    sender = to.pop("sender")
    if report.to.mail:
        to["from"] = sender
    at = f"{report.minutes // 60:02}:{report.minutes % 60:02}"
    sign, minutes = ("-" if report.offset < 0 else "+"), abs(report.offset) // 60_000
    return {
        "id": report.id,
        "name": report.name,
        "at": at,
        "zone": f"{sign}{minutes // 60:02}:{minutes % 60:02}",
        "workflows": list(report.workflows),
        "format": report.form,
        "to": to,
    }
