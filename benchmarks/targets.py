"""The targets of mockcbs for speed, and whether the figures of a run meet them."""

import operator
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_BOUND = re.compile(r"([≥≤<]) ([\d.]+)(.*)")
_HOLDS = {"≥": operator.ge, "≤": operator.le, "<": operator.lt}


@dataclass(frozen=True)
class Target:
    """A target with the measured result."""

    what: str
    goal: str
    found: str
    met: bool | None
    """`None` if it was not measured."""

    @property
    def word(self) -> str:
        """The result in one word."""
        return "not measured" if self.met is None else "met" if self.met else "**missed**"


@dataclass(frozen=True)
class Goal:
    """A target: a bound of one figure, or of one figure divided by another."""

    part: str
    """The part of the benchmarks that measures it."""
    what: str
    figures: tuple[str, ...]
    """The names of one or two figures in `Result.measured`."""
    bound: str

    def judged(self, measured: Mapping[str, float]) -> Target:
        """The target beside these figures."""
        match = _BOUND.fullmatch(self.bound)
        if match is None:
            raise ValueError(f"{self.bound!r} is no bound")
        if lacking := [name for name in self.figures if name not in measured]:
            return Target(self.what, self.bound, f"no {', no '.join(lacking)}", None)
        sign, limit, unit = match.groups()
        found = [measured[name] for name in self.figures]
        ratio = found[0] / found[1] if len(found) > 1 else found[0]
        both = f" ({' / '.join(map(short, found))})" if len(found) > 1 else ""
        return Target(self.what, self.bound, f"{short(ratio)}{unit}{both}", _HOLDS[sign](ratio, float(limit)))


def short(value: float) -> str:
    """A figure with about three digits."""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


GOALS = (
    Goal(
        "load",
        "repeated read, 32 connections, of nginx's constant",
        ("repeated of mockcbs", "repeated of nginx"),
        "≥ 0.75",
    ),
    Goal("load", "the same, of WireMock", ("repeated of mockcbs", "repeated of wiremock"), "≥ 8"),
    Goal(
        "load",
        "ever-new session-stats (S), of silent Prism",
        ("new of mockcbs", "new of prism-silent"),
        "≥ 2",
    ),
    Goal("calls", "ever-new, AK/SK-signed, of S", ("signed", "S"), "≥ 0.8"),
    Goal("calls", "Coze analytics, ever-new, of S", ("analytics", "S"), "≥ 0.8"),
    Goal("calls", "`POST /chat`, of S", ("chat", "S"), "≥ 0.5"),
    Goal("calls", "Coze chat without stream, of S", ("coze-chat", "S"), "≥ 0.4"),
    Goal(
        "calls",
        "first event of a stream, p99 in ms, in times of S's p50",
        ("first event p99 ms", "S p50 ms"),
        "≤ 5",
    ),
    Goal("calls", "new query over 89 days of a million-session bot, of S", ("large", "S"), "≥ 0.6"),
    Goal("calls", "Bitable create, of S", ("create", "S"), "≥ 0.5"),
    Goal(
        "calls",
        "Bitable search with filter over 10,000 rows, p50 in ms, in times of S's p50",
        ("search p50 ms", "S p50 ms"),
        "≤ 5",
    ),
    Goal(
        "deliveries",
        "deliveries a second to a local receiver, of aiohttp's",
        ("deliveries", "deliveries of aiohttp"),
        "≥ 0.5",
    ),
    Goal(
        "deliveries",
        "S's p99 in ms meanwhile, in times of before",
        ("p99 ms meanwhile", "p99 ms idle"),
        "< 2",
    ),
    Goal(
        "shared-state",
        "two workers, ever-new reads, of one",
        ("new reads, two workers", "new reads, memory"),
        "≥ 1.8",
    ),
    Goal(
        "shared-state",
        "two workers, questions, of one",
        ("questions, two workers", "questions, memory"),
        "≥ 1.5",
    ),
    Goal(
        "startup",
        "cold start to the first right answer, of json-server's",
        ("start", "start of json-server"),
        "< 1",
    ),
    Goal(
        "startup",
        "`from mockcbs import Mock` and a first answer, of `import flask, numpy`",
        ("import Mock", "import flask, numpy"),
        "≤ 1.5",
    ),
    Goal("startup", "resident at rest, after the first answer", ("MB at rest",), "≤ 60 MB"),
    Goal("load", "resident under load", ("MB under load",), "≤ 75 MB"),
    Goal("memory", "resident when all services were used", ("MB of all services",), "≤ 100 MB"),
    Goal(
        "besides",
        "bot of `everyday` exported as CSV, of `csv.writer` on ready rows",
        ("export", "csv.writer"),
        "≥ 0.3",
    ),
    Goal(
        "statistics",
        "10^7 sessions, first index, in times of numpy sorting the same rows by time",
        ("index s of 10,000,000", "sort s of 10,000,000"),
        "≤ 10",
    ),
    Goal(
        "statistics",
        "10^7 sessions, a new range, DuckDB's time in ours",
        ("duckdb ms of 10,000,000", "range ms of 10,000,000"),
        "≥ 400",
    ),
    Goal("memory", "100 bots in use, memory a bot", ("MB a bot",), "≤ 1.5 MB"),
    Goal("stalls", "cases in which one slow client stalls the others", ("cases with a stall",), "≤ 0"),
    Goal(
        "shared-state",
        "reads on PostgreSQL, of reads in memory",
        ("reads, postgres", "reads, memory"),
        "≥ 0.8",
    ),
    Goal(
        "shared-state",
        "questions on PostgreSQL, of questions in a file",
        ("questions, postgres", "questions, file"),
        "≥ 0.4",
    ),
    Goal(
        "shared-state",
        "reads on two replicas, of reads on one",
        ("reads, two replicas", "reads, postgres"),
        "≥ 1.7",
    ),
    Goal("load", "wrong answers under load", ("mistakes under load",), "≤ 0"),
    Goal("mix", "wrong answers in a mix of reads, questions and faults", ("mistakes in the mix",), "≤ 0"),
    Goal(
        "endurance",
        "memory after a million requests, in times of that after a tenth of them",
        ("MB after all", "MB after a tenth"),
        "≤ 1.1",
    ),
    Goal(
        "in-process",
        "a call through `requests`, in times of a constant of `responses`",
        ("Mock us", "responses us"),
        "≤ 1.2",
    ),
    Goal("in-process", "a call through httpx", ("httpx ms",), "≤ 0.5 ms"),
    Goal("in-process", "a fresh Mock", ("fresh Mock ms",), "≤ 5 ms"),
)
"""All targets, in the order of the report."""


def judged(parts: Iterable[str], measured: Mapping[str, float]) -> list[Target]:
    """The targets of these parts beside all figures of a run."""
    chosen = set(parts)
    return [goal.judged(measured) for goal in GOALS if goal.part in chosen]
