"""The report of a run: JSON, JUnit XML and a self-contained HTML page."""

import json
import tempfile
import textwrap
from dataclasses import asdict, dataclass
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from jinja2 import Environment

from mockcbs.contract import book
from mockcbs.contract.compare import Difference
from mockcbs.contract.ledger import VERDICTS, Clause, Entry, Evidence, Ledger
from mockcbs.core.errors import UserError
from mockcbs.core.files import write_whole
from mockcbs.core.version import VERSION

_WIDTH = 120
"""The width of lines on a terminal, in characters."""


@dataclass(frozen=True)
class Report:
    """The result of one run."""

    target: str
    at: str
    """The time of the run, ISO 8601."""
    calls: int
    ledger: Ledger
    notes: list[str]
    differences: list[Difference] | None = None
    """`None` if the run made no comparison."""

    @property
    def counts(self) -> dict[str, int]:
        """The number of clauses with each verdict."""
        return {verdict: len(self.ledger.of(verdict)) for verdict in VERDICTS}

    @property
    def status(self) -> int:
        """The exit status: 1 if a clause is broken or a difference was found, 3 if too little was checked."""
        if self.ledger.of("broken") or self.differences:
            return 1
        return 3 if self.is_cut_short else 0

    @property
    def is_cut_short(self) -> bool:
        """Whether the limit of calls left more than a tenth of the clauses unchecked."""
        left = [entry for entry in self.ledger.of("not reached") if entry.reason.endswith("(--max-calls)")]
        return 10 * len(left) > len(self.ledger.entries)

    @staticmethod
    def prepare(folder: Path) -> None:
        """Create the folder of the report before the run; raises `UserError` if it is not writable."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise UserError(f"--report {folder}: {error.strerror}") from error

    @property
    def kind(self) -> str:
        """The CSS class of the overall verdict on the page."""
        return "broken" if self.status == 1 else "not-reached" if self.status else "held"

    @property
    def verdict(self) -> str:
        """The overall verdict in one sentence."""
        broken, held = len(self.ledger.of("broken")), len(self.ledger.of("held"))
        if broken:
            return f"{broken} {'clause is' if broken == 1 else 'clauses are'} broken, {held} hold"
        if self.differences:
            return f"{held} clauses hold; the two servers differ in {len(self.differences)} places"
        if self.is_cut_short:
            return f"Too few calls to tell: {held} clauses hold, many were not reached (--max-calls)"
        return f"Nothing is broken: {held} clauses hold"

    def write(self, folder: Path) -> list[Path]:
        """Write ``report.json``, ``junit.xml``, ``index.html`` and the contracts that the page links to.

        Raises `UserError`.
        """
        texts = {"report.json": self.json(), "junit.xml": self.junit(), "index.html": self.html()}
        texts |= {f"contract-{name}.html": book.page(name) for name in self._books()}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, text in texts.items():
                write_whole(folder / name, text)
        except OSError as error:
            raise UserError(f"{folder}: {error.strerror}") from error
        return [folder / name for name in texts]

    def json(self) -> str:
        """The report as JSON, for programs."""
        content: dict[str, Any] = {
            "mockcbs": VERSION,
            "target": self.target,
            "at": self.at,
            "calls": self.calls,
            "counts": self.counts,
            "notes": self.notes,
            "clauses": [_row(entry) for entry in self.ledger.entries.values()],
        }
        if self.differences is not None:
            content["differences"] = [asdict(difference) for difference in self.differences]
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"

    def junit(self) -> str:
        """The report as JUnit XML, for build servers: one test case per clause."""
        entries = list(self.ledger.entries.values())
        skipped = len(self.ledger.of("not applicable", "not reached", "known deviation", "broken by another"))
        attributes = {
            "name": "mockcbs contract",
            "tests": str(len(entries)),
            "failures": str(len(self.ledger.of("broken"))),
            "errors": "0",
            "skipped": str(skipped),
            "timestamp": self.at,
        }
        suites = ET.Element("testsuites")
        suite = ET.SubElement(suites, "testsuite", attributes)
        for entry in entries:
            service, _, name = entry.clause.id.partition(".")
            case = ET.SubElement(
                suite, "testcase", {"classname": f"contract.{service}", "name": name, "time": "0"}
            )
            if entry.verdict == "broken":
                first = entry.broken[0]
                words = f"expected {first.expected}; found {first.found}"
                failure = ET.SubElement(
                    case, "failure", {"message": _xml(f"{entry.clause.sentence} {words}")}
                )
                failure.text = _xml(f"{entry.clause.standing}\n{first.request}\n{first.excerpt}")
            elif entry.verdict != "held":
                ET.SubElement(case, "skipped", {"message": _xml(f"{entry.verdict}: {entry.reason}")})
        return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"

    def html(self) -> str:
        """The report as an HTML page that loads no other files."""
        text = (resources.files("mockcbs.contract") / "report.html").read_text("utf-8")
        template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(text)
        return template.render(
            report=self,
            verdicts=VERDICTS,
            folded=("not applicable", "held"),
            version=VERSION,
            sources=partial(self._sources, self._books()),
            exchanges=_Exchanges(),
        )

    def _books(self) -> list[book.Book]:
        """The contracts that contain the clauses of this run, if they are installed."""
        named = dict.fromkeys(book.book_of(name) for name in self.ledger.entries)
        return list(named) if book.shipped() else []

    @staticmethod
    def _sources(books: list[book.Book], clause: Clause) -> list[tuple[str, str]]:
        """Each source section of *clause* with a link to it; the link is empty if not in *books*."""
        name = book.book_of(clause.id)
        linked = name in books
        return [
            (section, f"contract-{name}.html#{section}" if linked else "")
            for section in book.sections(clause.source)
        ]

    def lines(self) -> list[str]:
        """The report as lines for a terminal."""
        lines = []
        for entry in self.ledger.of("broken"):
            clause, first = entry.clause, entry.broken[0]
            lines += [
                f"BROKEN {clause.id} ({clause.standing}, {clause.source}): {clause.sentence}",
                *(f"    {line}" for line in first.request.splitlines()[:1]),
                f"    expected {first.expected}",
                f"    found    {first.found}",
            ]
        lines += self._excuses()
        for row in self.differences or []:
            lines.append(f"DIFFERS {row.request}: {row.where}: {row.one} / {row.other}")
        lines += self.notes
        counts = ", ".join(f"{count} {verdict}" for verdict, count in reversed(self.counts.items()) if count)
        return [*lines, f"{self.target}: {counts} ({self.calls} calls)"]

    def _excuses(self) -> list[str]:
        """The reasons why clauses were not checked or are excused, each with the list of its clauses."""
        reasons: dict[tuple[str, str], list[str]] = {}
        for entry in self.ledger.of("broken by another", "known deviation", "not reached", "not applicable"):
            reasons.setdefault((entry.verdict, entry.reason), []).append(entry.clause.id)
        return [
            line
            for (verdict, reason), ids in reasons.items()
            for line in textwrap.wrap(
                f"{verdict}, {reason}: {', '.join(ids)}",
                _WIDTH,
                subsequent_indent="    ",
                break_long_words=False,
                break_on_hyphens=False,
            )
        ]


class _Exchanges:
    """Numbers exchanges, so that a page shows each only once."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}

    def number(self, evidence: Evidence) -> tuple[int, bool]:
        """The number of the exchange of *evidence*, and whether it is new."""
        key = evidence.request, evidence.excerpt
        is_new = key not in self._numbers
        return self._numbers.setdefault(key, len(self._numbers) + 1), is_new


def _row(entry: Entry) -> dict[str, Any]:
    return {
        **asdict(entry.clause),
        "verdict": entry.verdict,
        "checks": entry.checks,
        "reason": entry.reason if entry.verdict != "held" else "",
        "evidence": [asdict(evidence) for evidence in entry.evidence],
    }


def _xml(text: str) -> str:
    """*text* without the characters that XML forbids."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
