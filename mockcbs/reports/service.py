"""The reports of one mock: reporting nodes of its workflows, and daily reports."""

import logging
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, NamedTuple
from uuid import uuid4

import numpy as np
from flask import Flask

from mockcbs.backend.base import Entry
from mockcbs.core.clock import real_now
from mockcbs.reports import daily
from mockcbs.reports.clients import Clients
from mockcbs.reports.daily import DailyReport, Destination, Figures
from mockcbs.reports.node import Node, ReportedRun, write
from mockcbs.services import registry
from mockcbs.services.reporting import ReportError, Session
from mockcbs.services.settling import Settling
from mockcbs.services.shown import Totals
from mockcbs.state import State
from mockcbs.traffic.knowledge import Turn
from mockcbs.web import context

log = logging.getLogger("mockcbs")

NODE_SECTION, REPORTS_SECTION = "bot.report", "reports"
"""The sections of a dataset for the reporting node of a workflow and for daily reports."""

MAX_TRIES = 5
"""The maximum number of attempts to send a daily report."""

_JOB = "reports"
_ROWS, _MAILS = "reports/rows", "reports/daily"
_KIND, _SENT, _CURSOR = "report", "report.cursor", "reports"
_AGAIN_MS = 60_000
"""The times between attempts, in ms of mockcbs's clock."""
_MAX_ROWS = 200
_WATCHFUL, _IDLE = 0.5, 2.0
"""The time between two rounds, in s, with nodes or daily reports and without them."""
_CATCH_UP_SECONDS = 10.0
_LOOK_SECONDS = 0.02


class _Sending(NamedTuple):
    """A daily report to send."""

    report: str
    scope: str
    day: int
    tries: int = 0


class Reports:
    """All reports of one mock. One worker sends them in a job."""

    def __init__(self, app: Flask, mock: State, settling: Settling) -> None:
        self._mock, self._clients, self._settling = mock, Clients(app), settling
        self._cursor = mock.cursor(_CURSOR, once=True)
        self._done: set[int] = set()
        """The entries of the outbox that are done, but could not be removed."""
        mock.report_run = self.report_run
        mock.log.subscribe(self._recorded)
        mock.jobs.add(_JOB, self.work)
        mock.followers.append(self)

    # ---- the clock ----

    def begin(self) -> None:
        """Note the time of the clock, so that runs after it are reported."""
        if self.nodes:
            self._cursor.begin("")
        for report in self.all():
            self._plan(report)

    def catch_up(self) -> None:
        """Report the runs that the clock has passed; a server waits up to 10 s for its job."""
        if not self.nodes and not self.all():
            return
        now = _Instants(self._mock)
        jobs, deadline = self._mock.jobs, time.monotonic() + _CATCH_UP_SECONDS
        while not self._is_up_to_date(now) and time.monotonic() < deadline:
            if jobs.is_started:
                jobs.wake(_JOB)
                time.sleep(_LOOK_SECONDS)
                self._mock.refresh()  # the job may be that of another replica
            else:
                jobs.run(_JOB)

    def _is_up_to_date(self, now: "_Instants") -> bool:
        """Whether everything up to those instants is reported."""
        if self.nodes and not (
            self._settling.is_up_to_date()
            and self._cursor.is_at("", now.of(""))
            and not self._due(_ROWS, now)
        ):
            return False
        planned = {one.id: self._mock.documents.get(_SENT, "", one.id) for one in self.all()}
        return all(
            (held := planned[one.id]) is not None and held["at"] >= now.of(one.scope) for one in self.all()
        ) and not self._due(_MAILS, now)

    # ---- reporting nodes ----

    @property
    def nodes(self) -> dict[str, Node]:
        """The reporting nodes of the dataset, by workflow."""
        return {bot_id: node for bot_id in self._mock.dataset.bots if (node := self._node(bot_id))}

    def _node(self, workflow_id: str) -> Node | None:
        bot = self._mock.dataset.bots.get(workflow_id)
        return bot.more["report"] if bot and "report" in bot.more else None

    def report_run(self, execution: str, workflow_id: str, at: int, input_len: int, duration_ms: int) -> str:
        """Report a run that a client caused; why that failed, empty if it did not or has no node."""
        node = self._node(workflow_id)
        if node is None:
            return ""
        run = ReportedRun(execution, workflow_id, at, input_len, duration_ms)
        try:
            with self._clients.session(node.url) as session:
                record = self._write(session, node, run)
        except ReportError as error:
            return str(error)
        if context.is_present():
            context.current().rows.append(f"{node.kind}/{node.base}/{node.table}/{record}")
        return ""

    def work(self) -> float:
        """One round of the job; seconds until the next."""
        more = False
        if nodes := self.nodes:
            self._settling.work()
            more = self._cursor.advance("", list(nodes), self._passed, _MAX_ROWS)
        self._write_rows(nodes)
        reports = {report.id: report for report in self.all()}
        for report in reports.values():
            self._plan(report)
        self._send_planned(reports)
        if more:
            return 0.0
        return _WATCHFUL if nodes or reports else _IDLE

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
        self._plan_row(run, run.at + run.duration_ms)

    def _recorded(self, turn: Turn, scope: str, before: Turn | None) -> None:
        """A client or a test recorded a turn of a workflow: once it has ended, its row is due.

        Runs without a question are left out: they report themselves when they end.
        """
        if self._node(turn.bot_id) is None:
            return
        self._settling.note(turn, scope, before)
        if turn.said.template and not turn.said.unfinished:
            size = len(turn.said.question)
            run = ReportedRun(uuid4().hex, turn.bot_id, turn.at_ms, size, turn.latency_ms)
            self._plan_row(run, self._mock.clock_of(scope).now(), scope)

    def _plan_row(self, run: ReportedRun, due: int, scope: str = "") -> None:
        self._mock.backend.outbox.append(_ROWS, run._asdict(), due=due, scope=scope)

    def _write_rows(self, nodes: Mapping[str, Node]) -> None:
        due = self._due(_ROWS, _Instants(self._mock), _MAX_ROWS)
        with self._clients.sessions() as session_of:
            for entry in due:
                run = ReportedRun(**entry.body)
                if not self._mock.jobs.keeps(_JOB):
                    return
                try:
                    if node := nodes.get(run.workflow_id):  # another dataset has none
                        self._write(session_of(node.url), node, run)
                except ReportError as error:
                    name = f"workflow {run.workflow_id}, run {run.execution}"
                    log.warning("%s: the reporting node failed: %s", name, error)
                self._finish(entry)

    def _write(self, session: Session, node: Node, run: ReportedRun) -> str:
        """Write the row of *run*; the id of its record. Raises `ReportError`."""
        writer = registry.row_writers()[node.kind]
        credentials = {**writer.own_credentials(self._mock.settings), **node.credentials}
        return write(session, writer, replace(node, credentials=credentials), run)

    # ---- daily reports ----

    def all(self) -> list[DailyReport]:
        """The daily reports of the dataset and of all requests."""
        stated = self._mock.dataset.services.get(REPORTS_SECTION, ())
        named = [replace(one, id=f"dataset-{place}") for place, one in enumerate(stated, 1)]
        return [*named, *(_restored(one) for one in self._mock.documents.select(_KIND, ""))]

    def of(self, scope: str | None) -> list[DailyReport]:
        """The daily reports that *scope* can see."""
        return [report for report in self.all() if scope is None or report.scope in {"", scope}]

    def add(self, report: DailyReport, scope: str) -> DailyReport:
        """Add a daily report that is sent from now on."""
        number = self._mock.documents.count(_KIND, "") + 1
        report = replace(report, id=f"report-{number}", scope=scope)
        self._mock.documents.put(_KIND, "", report.id, asdict(report))
        self._plan(report)
        return report

    def remove(self, report_id: str) -> bool:
        """Delete a report. Return whether there was one. Reports of the dataset cannot be deleted."""
        return self._mock.documents.delete(_KIND, "", report_id)

    def _plan(self, report: DailyReport) -> None:
        """Note the reports that have become due since the last look; each day's once."""
        documents, scope = self._mock.documents, report.scope
        with documents.transaction():
            now = self._mock.clock_of(scope or None).now()
            held = documents.get(_SENT, "", report.id)
            days = set(held["days"]) if held else set()
            due = [day for day in report.due(held["at"], now) if day not in days] if held else []
            for day in due:
                sending = _Sending(report.id, scope, day)
                self._mock.backend.outbox.append(_MAILS, sending._asdict(), due=now, scope=scope)
            if held is None or held["at"] != now:
                documents.put(_SENT, "", report.id, {"at": now, "days": sorted(days.union(due))})

    def _send_planned(self, reports: Mapping[str, DailyReport]) -> None:
        now = _Instants(self._mock)
        for entry in self._due(_MAILS, now):
            sending = _Sending(**entry.body)
            report = reports.get(sending.report)
            words = self._words(report, sending.day) if report else ""
            if not self._mock.jobs.keeps(_JOB):
                return
            problem = self._send(report, sending.day, words) if report else ""
            if problem and sending.tries + 1 < MAX_TRIES:
                again = sending._replace(tries=sending.tries + 1)._asdict()
                self._mock.backend.outbox.postpone(entry.number, now.of(sending.scope) + _AGAIN_MS, again)
            else:
                self._finish(entry)

    def _words(self, report: DailyReport, day: int) -> str:
        return daily.text(report, str(np.datetime64(day, "D")), self.figures(report, day))

    def _send(self, report: DailyReport, day: int, words: str) -> str:
        """Send the report of *day*. Return the error, or an empty text."""
        messenger = registry.messenger(report.to.service)
        credentials = {**messenger.own_credentials(self._mock.settings), **report.to.credentials}
        report = replace(report, to=replace(report.to, credentials=credentials))
        # This mock checks a signature's age by its own clock, another server by real time.
        now = real_now() if report.to.url else self._mock.clock_of(report.scope or None).now()
        try:
            with self._clients.session(report.to.url, counted=False) as session:
                message = daily.message(report, words, f"{report.id}-{day}", now)
                daily.send(session, messenger, report.to, message)
        except ReportError as error:
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

    def _due(self, queue: str, now: "_Instants", limit: int = 100) -> list[Entry]:
        for number in sorted(self._done):
            self._remove(number)
        found = self._mock.backend.outbox.peek(queue, limit)
        return [entry for entry in found if entry.due <= now.of(entry.scope)]

    def _finish(self, entry: Entry) -> None:
        """Remove an entry that is done. While the state is unavailable, it stays, but is not done again."""
        self._done.add(entry.number)
        self._remove(entry.number)

    def _remove(self, number: int) -> None:
        self._mock.backend.outbox.ack(number)
        self._done.discard(number)


class _Instants:
    """The time of everybody's clock and of scopes' own, each read once."""

    def __init__(self, mock: State) -> None:
        self._mock = mock
        self._read: dict[str, int] = {}

    def of(self, scope: str) -> int:
        """The time of a scope, ms UTC."""
        if scope not in self._read:
            self._read[scope] = self._mock.clock_of(scope or None).now()
        return self._read[scope]


def of(app: Flask) -> Reports:
    """The reports of an application."""
    found: Reports = app.extensions["mockcbs.reports"]
    return found


def _figures(name: str, totals: Totals) -> Figures:
    return Figures(name, totals.calls, len(totals.users), totals.mean_ms, totals.error_rate, totals.slow)


def _restored(document: Mapping[str, Any]) -> DailyReport:
    to = Destination(**document["to"])
    return DailyReport(**{**document, "to": to, "workflows": tuple(document["workflows"])})
