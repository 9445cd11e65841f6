"""The reports of one mock: reporting nodes of its workflows, and daily reports."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any
from wsgiref.types import StartResponse, WSGIEnvironment

import numpy as np
from flask import Flask

from mockcbs.backend.base import Entry
from mockcbs.core.clock import real_now
from mockcbs.reports import daily
from mockcbs.reports.daily import DailyReport, Destination, Figures
from mockcbs.reports.node import Node, NodeError, ReportedRun, write
from mockcbs.services import registry
from mockcbs.services.base import Totals
from mockcbs.settings import Settings
from mockcbs.state import State
from mockcbs.traffic.knowledge import Turn

if TYPE_CHECKING:
    import httpx

log = logging.getLogger("mockcbs")

NODE_SECTION, REPORTS_SECTION = "bot.report", "reports"
"""Where a dataset states the reporting node of a workflow, and daily reports."""

MAX_TRIES = 5
"""How often a daily report is tried."""

_JOB = "reports"
_ROWS, _MAILS = "reports/rows", "reports/daily"
_KIND, _SENT, _CURSOR = "report", "report.cursor", "reports"
_TIMEOUT = 5.0
_AGAIN_MS = 60_000
"""After how long of mockcbs's clock a report is tried again."""
_MAX_ROWS = 200
_IDLE = 0.5


@dataclass(frozen=True)
class _Sending:
    """One daily report that is to be sent."""

    report: str
    scope: str
    day: int
    tries: int = 0


class Reports:
    """Everything about the reports of one mock; one worker does the job."""

    def __init__(self, app: Flask, mock: State) -> None:
        self._app, self._mock = app, mock
        self._cursor = mock.cursor(_CURSOR)
        mock.report_run = self.report_run
        mock.jobs.add(_JOB, self.work)

    # ---- reporting nodes ----

    @property
    def nodes(self) -> dict[str, Node]:
        """The reporting nodes of the dataset, by their workflows."""
        return {
            bot.id: self._with_credentials(bot.more["report"])
            for bot in self._mock.dataset.bots.values()
            if "report" in bot.more
        }

    def report_run(self, execution: str, workflow_id: str, at: int, input_len: int, duration_ms: int) -> str:
        """Report a run that a client caused; why that failed, empty if it did not or has no node."""
        node = self.nodes.get(workflow_id)
        if node is None:
            return ""
        try:
            self._write(node, ReportedRun(execution, workflow_id, at, input_len, duration_ms))
        except NodeError as error:
            return str(error)
        return ""

    def work(self) -> float:
        """One round of the job; seconds until the next."""
        more = False
        if nodes := self.nodes:
            more = self._cursor.advance("", list(nodes), self._passed, _MAX_ROWS)
        self._write_rows(nodes)
        for report in self.all():
            self._plan(report)
        self._send_planned()
        return 0.0 if more else _IDLE

    def _passed(self, turn: Turn) -> None:
        """A generated or stated run has begun; its row is due when it has ended."""
        service = registry.with_bot(turn.bot_id)
        if turn.said.unfinished or service is None or service.events is None:
            return
        *_, last = service.events(self._mock, turn, None)
        run = ReportedRun(
            last.get("execute_id") or last["chat_id"],
            turn.bot_id,
            turn.at_ms,
            len(turn.said.question),
            turn.latency_ms,
        )
        self._mock.backend.outbox.append(_ROWS, asdict(run), due=turn.at_ms + turn.latency_ms)

    def _write_rows(self, nodes: Mapping[str, Node]) -> None:
        for entry in self._due(_ROWS, self._mock.clock.now()):
            run = ReportedRun(**entry.body)
            try:
                if node := nodes.get(run.workflow_id):  # another dataset has none
                    self._write(node, run)
            except NodeError as error:
                log.warning(
                    "workflow %s, run %s: the reporting node failed: %s",
                    run.workflow_id,
                    run.execution,
                    error,
                )
            self._mock.backend.outbox.ack(entry.number)

    def _write(self, node: Node, run: ReportedRun) -> None:
        with self._client(node.url) as client:
            write(client, node, run)

    def _with_credentials(self, node: Node) -> Node:
        return replace(node, credentials={**_credentials(self._mock.settings, node.kind), **node.credentials})

    # ---- daily reports ----

    def all(self) -> list[DailyReport]:
        """The daily reports of the dataset and of all requests."""
        stated = self._mock.dataset.services.get(REPORTS_SECTION, ())
        named = [replace(one, id=f"dataset-{place}") for place, one in enumerate(stated, 1)]
        return [*named, *(_restored(one) for one in self._mock.documents.select(_KIND, ""))]

    def of(self, scope: str | None) -> list[DailyReport]:
        """Those that *scope* can see."""
        return [report for report in self.all() if scope is None or report.scope in {"", scope}]

    def add(self, report: DailyReport, scope: str) -> DailyReport:
        """Send another daily report from now on."""
        number = self._mock.documents.count(_KIND, "") + 1
        report = replace(report, id=f"report-{number}", scope=scope)
        self._mock.documents.put(_KIND, "", report.id, asdict(report))
        self._plan(report)
        return report

    def remove(self, report_id: str) -> bool:
        """Send a report no more; whether there was one. Those of the dataset stay."""
        return self._mock.documents.delete(_KIND, "", report_id)

    def _plan(self, report: DailyReport) -> None:
        """Note the reports that have become due since the last look."""
        documents, scope = self._mock.documents, report.scope
        with documents.transaction():
            now = self._mock.clock_of(scope or None).now()
            held = documents.get(_SENT, "", report.id)
            for day in report.due(held["at"], now) if held else ():
                sending = _Sending(report.id, scope, day)
                self._mock.backend.outbox.append(_MAILS, asdict(sending), due=now, scope=scope)
            if held is None or held["at"] < now:
                documents.put(_SENT, "", report.id, {"at": now})

    def _send_planned(self) -> None:
        reports = {report.id: report for report in self.all()}
        for entry in self._mock.backend.outbox.peek(_MAILS):
            sending = _Sending(**entry.body)
            now = self._mock.clock_of(sending.scope or None).now()
            if entry.due > now:
                continue
            report = reports.get(sending.report)
            problem = self._send(report, sending.day) if report else ""
            if problem and sending.tries + 1 < MAX_TRIES:
                again = asdict(replace(sending, tries=sending.tries + 1))
                self._mock.backend.outbox.postpone(entry.number, now + _AGAIN_MS, again)
            else:
                self._mock.backend.outbox.ack(entry.number)

    def _send(self, report: DailyReport, day: int) -> str:
        """Send the report of *day*; why that failed."""
        words = daily.text(report, str(np.datetime64(day, "D")), self.figures(report, day))
        credentials = {**_credentials(self._mock.settings, "feishu"), **report.to.credentials}
        report = replace(report, to=replace(report.to, credentials=credentials))
        try:
            with self._client(report.to.url) as client:
                daily.send(client, report, words, f"{report.id}-{day}", real_now())
        except NodeError as error:
            log.warning("daily report %s of %s: %s", report.id, np.datetime64(day, "D"), error)
            return str(error)
        return ""

    def figures(self, report: DailyReport, day: int) -> list[Figures]:
        """The figures of each workflow on a day of the report's zone, and of all together."""
        workflows = report.workflows or self._workflows()
        found = []
        whole = Totals()
        for workflow in workflows:
            service = registry.with_bot(workflow)
            if service is None or service.totals is None:
                continue
            totals = service.totals(self._mock, workflow, report.span(day), daily.SLOW_MS, report.scope)
            bot = self._mock.dataset.bot(workflow)
            name = f"{bot.name} {workflow}" if self._mock.dataset.names(workflow) else workflow
            found.append(_figures(name, totals))
            whole = whole.plus(totals)
        return [*found, _figures("合计 total", whole)]

    def _workflows(self) -> list[str]:
        return [bot.id for bot in self._mock.dataset.bots.values() if bot.card.kind == "workflow"]

    # ---- both ----

    def _due(self, queue: str, now: int) -> list[Entry]:
        return [entry for entry in self._mock.backend.outbox.peek(queue, _MAX_ROWS) if entry.due <= now]

    def _client(self, url: str) -> "httpx.Client":
        """A client of *url*, or of this very mock."""
        import httpx  # noqa: PLC0415 - 50 ms at start that only reports need

        if url:
            return httpx.Client(base_url=url, timeout=_TIMEOUT, trust_env=False)
        transport = httpx.WSGITransport(self._apart)
        return httpx.Client(base_url="http://localhost", transport=transport, timeout=_TIMEOUT)

    def _apart(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The application, in a context apart from that of a request that is being answered."""
        with self._app.app_context():
            return self._app(environ, start_response)


def of(app: Flask) -> Reports:
    """The reports of an application."""
    found: Reports = app.extensions["mockcbs.reports"]
    return found


def _figures(name: str, totals: Totals) -> Figures:
    return Figures(name, totals.calls, len(totals.users), totals.mean_ms, totals.error_rate, totals.slow)


_CREDENTIALS: Mapping[str, Callable[[Settings], Mapping[str, str]]] = {
    "feishu": lambda ours: {"app_id": ours.feishu_app_id, "app_secret": ours.feishu_app_secret},
    "airtable": lambda ours: {"token": ours.airtable_token},
    "tencent_docs": lambda _: {"token": "mockcbs"},
}


def _credentials(settings: Settings, kind: str) -> Mapping[str, str]:
    """The mock's own credentials for tables of that kind."""
    return _CREDENTIALS[kind](settings)


def _restored(document: Mapping[str, Any]) -> DailyReport:
    to = Destination(**document["to"])
    return DailyReport(**{**document, "to": to, "workflows": tuple(document["workflows"])})
